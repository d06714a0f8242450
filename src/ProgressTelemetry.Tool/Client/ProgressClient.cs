using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ProgressTelemetry.Tool.Client;

/// <summary>Reads the runs of an application from where it mapped <c>MapProgress()</c>.</summary>
internal sealed class ProgressClient(HttpClient http, Uri page)
{
    /// <summary>The most runs that are followed at once.</summary>
    internal const int Most = 100;

    /// <summary>An application that says nothing for so long is out of reach; while it lives, it says something each 20 s.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(45);

    /// <summary>One run; null when no run of that id is live or ended recently.</summary>
    /// <exception cref="NoAnswerException">It can't be read.</exception>
    public async Task<WorkflowStatus?> GetRunAsync(string runId, CancellationToken cancellationToken)
    {
        using var answer = await GetAsync($"runs/{Segment(runId)}", cancellationToken);
        return answer is null ? null : await ReadAsync(async limited => await JsonSerializer.DeserializeAsync(await answer.Content.ReadAsStreamAsync(limited), ClientJson.Run, limited), cancellationToken);
    }

    /// <summary>A run's report as text; null when no run of that id is live or ended recently.</summary>
    /// <exception cref="NoAnswerException">It can't be read.</exception>
    public async Task<string?> GetReportAsync(string runId, string format, CancellationToken cancellationToken)
    {
        using var answer = await GetAsync($"runs/{Segment(runId)}/report?format={format}", cancellationToken);
        return answer is null ? null : await ReadAsync(answer.Content.ReadAsStringAsync, cancellationToken);
    }

    /// <summary>The live and the recently ended runs, each time that they have changed, until the application stops.</summary>
    /// <exception cref="NoAnswerException">They can't be read, or no longer.</exception>
    public async IAsyncEnumerable<RunsPage> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var answer = await GetAsync($"events?take={Most}", cancellationToken) ?? throw NoPage();
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var events = SseParser.Create(await answer.Content.ReadAsStreamAsync(cancellationToken), static (_, data) => JsonSerializer.Deserialize(data, ClientJson.Runs)!)
            .EnumerateAsync(silence.Token).GetAsyncEnumerator(silence.Token);
        while (await ReadAsync(_ => NextAsync(), cancellationToken))
        {
            yield return events.Current.Data;
        }

        async Task<bool> NextAsync()
        {
            silence.CancelAfter(LongestSilence);
            return await events.MoveNextAsync();
        }
    }

    /// <summary>The ids <c>.</c> and <c>..</c> would be steps in the path: the application takes them with a <c>~</c> before them, and so those that look like that.</summary>
    internal static string Segment(string runId) => Uri.EscapeDataString(runId.TrimStart('~') is "." or ".." ? $"~{runId}" : runId);

    private async Task<HttpResponseMessage?> GetAsync(string path, CancellationToken cancellationToken)
    {
        var answer = await ReadAsync(limited => http.GetAsync(new Uri($"{page.AbsoluteUri.TrimEnd('/')}/{path}"), HttpCompletionOption.ResponseHeadersRead, limited), cancellationToken);
        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            return answer.StatusCode switch
            {
                HttpStatusCode.NotFound when answer.Content.Headers.ContentType?.MediaType == "application/problem+json" => null,
                HttpStatusCode.NotFound => throw NoPage(),
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => throw new NoAnswerException($"{page} does not let us in ({(int)answer.StatusCode}): --header \"Authorization: Bearer …\" may.", mayComeBack: false),
                >= HttpStatusCode.InternalServerError => throw new NoAnswerException($"{page} answers {(int)answer.StatusCode}.", mayComeBack: true),
                _ => throw new NoAnswerException($"{page} answers {(int)answer.StatusCode}: it is no progress page.", mayComeBack: false),
            };
        }
    }

    private NoAnswerException NoPage() => new($"{page} is no progress page: give the address that MapProgress() has, such as http://localhost:5080/progress.", mayComeBack: false);

    private async Task<T> ReadAsync<T>(Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(LongestSilence);
        try
        {
            return await read(limited.Token);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw new NoAnswerException($"{page} can't be reached: {error.Message}", mayComeBack: true, error);
        }
        catch (JsonException error)
        {
            throw new NoAnswerException($"{page} answers with something else than runs.", mayComeBack: false, error);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new NoAnswerException($"{page} does not answer.", mayComeBack: true, error);
        }
    }
}
