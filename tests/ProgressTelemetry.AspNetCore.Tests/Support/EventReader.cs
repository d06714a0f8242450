using ProgressTelemetry.TestSupport;
using System.Text.Json;

namespace ProgressTelemetry.AspNetCore.Tests.Support;

/// <summary>Reads server-sent events as the standard says, and refuses what is not one.</summary>
internal sealed class EventReader : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;

    private EventReader(HttpResponseMessage response, Stream stream)
    {
        _response = response;
        _lines = new StreamReader(stream);
    }

    public HttpResponseMessage Response => _response;

    public int? RetryMilliseconds { get; private set; }

    public static async Task<EventReader> OpenAsync(HttpClient http, string path = "/progress/events")
    {
        var response = await http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        return new EventReader(response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>The next event's data; null at the end of the stream.</summary>
    public async Task<JsonElement?> NextAsync()
    {
        string? name = null;
        string? data = null;
        while (await _lines.ReadLineAsync().Within() is { } line)
        {
            switch (line.Split(": ", 2))
            {
                case [""] when data is not null:
                    Assert.Equal("progress", name);
                    return JsonDocument.Parse(data).RootElement;
                case [""] or ["", _]:
                    break;
                case ["retry", var milliseconds]:
                    RetryMilliseconds = int.Parse(milliseconds);
                    break;
                case ["event", var value]:
                    name = value;
                    break;
                case ["data", var value]:
                    Assert.Null(data);
                    data = value;
                    break;
                default:
                    Assert.Fail($"Not a line of server-sent events: {line}");
                    break;
            }
        }

        return null;
    }

    /// <summary>Reads on until an event satisfies the condition; fails when the stream ends first.</summary>
    public async Task<JsonElement> NextAsync(Func<JsonElement, bool> condition)
    {
        while (await NextAsync() is { } frame)
        {
            if (condition(frame))
            {
                return frame;
            }
        }

        throw new InvalidOperationException("The stream ended before the awaited event.");
    }

    public void Dispose()
    {
        _lines.Dispose();
        _response.Dispose();
    }
}
