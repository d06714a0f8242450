using System.Buffers;
using System.Text.Json;
using ProgressTelemetry.AspNetCore.Endpoints;
using ProgressTelemetry.AspNetCore.Json;

namespace ProgressTelemetry.AspNetCore.Live;

/// <summary>A page of runs as one server-sent event.</summary>
internal readonly record struct Frame(ReadOnlyMemory<byte> Bytes, bool HasActiveRuns)
{
    /// <summary>Reads once what all frames of a moment say, and makes those frames.</summary>
    public static Func<RunsRequest, Frame> Begin(IRunReader reader)
    {
        var overall = OverallJson.Read(reader);
        return request => Make(RunsJson.Read(reader, request, overall));
    }

    private static Frame Make(RunsJson runs)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        buffer.Write("event: progress\ndata: "u8);
        // JSON on one line, in which every line break of a name is escaped: it can't end the event early.
        using (var writer = new Utf8JsonWriter(buffer))
        {
            JsonSerializer.Serialize(writer, runs, ProgressJson.Runs);
        }

        buffer.Write("\n\n"u8);
        return new Frame(buffer.WrittenMemory, runs.Overall.Active > 0);
    }
}
