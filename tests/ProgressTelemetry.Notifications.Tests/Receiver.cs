using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging.Testing;
using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.Notifications.Tests;

/// <summary>What a webhook was sent.</summary>
internal sealed record Received(string Body, string Key, string? ContentType)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;
}

/// <summary>A webhook's receiver in the place of the network, that answers as the test says; a tracker, and a notifier that posts to it; all on a clock that the test moves.</summary>
internal sealed class Receiver : HttpMessageHandler
{
    /// <summary>How long a test waits for something that should happen at once, before it says that it did not.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<Func<CancellationToken, Task<HttpResponseMessage>>> _answers = new();
    private readonly HttpClient _client;

    public Receiver(WebhookFormat format = WebhookFormat.Json, ProgressNotificationKinds kinds = ProgressNotificationKinds.All, Func<WorkflowStatus, bool>? when = null)
    {
        _client = new HttpClient(this, disposeHandler: false);
        Tracker = new ProgressTracker(timeProvider: Clock);
        Notifier = new WebhookNotifier(() => _client, new Uri("https://chat.example/hook/s3cret"), format, kinds, when, Clock, Log);
        Tracker.Subscribe(Notifier);
    }

    public ManualTimeProvider Clock { get; } = new();

    public FakeLogger<WebhookNotifier> Log { get; } = new();

    public ProgressTracker Tracker { get; }

    public WebhookNotifier Notifier { get; }

    public ConcurrentQueue<Received> Requests { get; } = new();

    /// <summary>How to answer the next requests; afterwards with 200.</summary>
    public void AnswerNext(params HttpStatusCode[] codes)
    {
        foreach (var code in codes)
        {
            AnswerNext(_ => Task.FromResult(new HttpResponseMessage(code)));
        }
    }

    public void AnswerNext(Func<CancellationToken, Task<HttpResponseMessage>> answer) => _answers.Enqueue(answer);

    /// <summary>Waits until so many requests have come; the clock stands still.</summary>
    public async Task<Received[]> RequestsAsync(int count)
    {
        await UntilAsync(() => Requests.Count >= count);
        return [.. Requests];
    }

    /// <summary>Lets time pass until so many requests have come, and returns how much it was.</summary>
    public async Task<TimeSpan> PassUntilAsync(int count)
    {
        var start = Clock.GetUtcNow();
        await UntilAsync(() =>
        {
            if (Requests.Count >= count)
            {
                return true;
            }

            Clock.Advance(TimeSpan.FromSeconds(1));
            return false;
        });
        return Clock.GetUtcNow() - start;
    }

    public static async Task UntilAsync(Func<bool> condition)
    {
        var giveUp = DateTime.UtcNow + Limit;
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < giveUp, "It did not come about.");
            await Task.Delay(5);
        }
    }

    /// <summary>All that the notifier was told is sent; nothing follows.</summary>
    public async Task<Received[]> EndAsync()
    {
        await Tracker.DrainAsync().WaitAsync(Limit);
        await Notifier.DisposeAsync().AsTask().WaitAsync(Limit);
        return [.. Requests];
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Assert.Equal(("POST", "https://chat.example/hook/s3cret"), (request.Method.Method, request.RequestUri!.AbsoluteUri));
        Requests.Enqueue(new Received(
            await request.Content!.ReadAsStringAsync(cancellationToken),
            Assert.Single(request.Headers.GetValues("Idempotency-Key")),
            request.Content.Headers.ContentType?.MediaType));
        return _answers.TryDequeue(out var answer) ? await answer(cancellationToken) : new HttpResponseMessage(HttpStatusCode.OK);
    }

    protected override void Dispose(bool disposing)
    {
        Tracker.Dispose();
        _client.Dispose();
        base.Dispose(disposing);
    }
}
