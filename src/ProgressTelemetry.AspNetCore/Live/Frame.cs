using System.Buffers;
using System.Text.Json;
using ProgressTelemetry.AspNetCore.Json;

namespace ProgressTelemetry.AspNetCore.Live;

/// <summary>All the runs that a page can show, as one server-sent event.</summary>
internal readonly record struct Frame(ReadOnlyMemory<byte> Bytes, bool HasActiveRuns)
{
    internal const int MostActive = 50;
    internal const int MostEnded = 25;

    public static Frame Make(ProgressTracker tracker)
    {
        var runs = RunsJson.From(tracker, MostActive, MostEnded);
        var buffer = new ArrayBufferWriter<byte>(4096);
        buffer.Write("event: progress\ndata: "u8);
        // JSON on one line, in which every line break of a name is escaped: it can't end the event early.
        using (var writer = new Utf8JsonWriter(buffer))
        {
            JsonSerializer.Serialize(writer, runs, ProgressJsonContext.Default.RunsJson);
        }

        buffer.Write("\n\n"u8);
        return new Frame(buffer.WrittenMemory, runs.ActiveTotal > 0);
    }
}
