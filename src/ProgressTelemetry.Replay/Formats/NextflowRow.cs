using System.Globalization;

namespace ProgressTelemetry.Replay.Formats;

/// <summary>A line of a Nextflow trace: one attempt at a task.</summary>
internal sealed class NextflowRow
{
    public required long Line { get; init; }

    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Stage { get; init; }

    public required string Status { get; init; }

    public int? Attempt { get; init; }

    public DateTimeOffset? Submitted { get; init; }

    public DateTimeOffset? Start { get; init; }

    public DateTimeOffset? End { get; init; }

    public bool IsCached => Status == "CACHED";

    public bool IsAborted => Status == "ABORTED";

    public bool IsRunning => Status == "RUNNING";

    public bool HasStarted => Start is not null && Status is not ("NEW" or "SUBMITTED");

    public TraceEventKind EndsAs => Status switch
    {
        "FAILED" => TraceEventKind.Fail,
        "ABORTED" => TraceEventKind.Cancel,
        _ => TraceEventKind.Complete,
    };

    /// <summary>The places of a first line's columns.</summary>
    public static Dictionary<string, int> Columns(string line)
    {
        var columns = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var (place, name) in line.Split('\t').Index())
        {
            columns.TryAdd(name.Trim(), place);
        }

        return columns;
    }

    /// <summary>Reads a line.</summary>
    /// <exception cref="TraceFormatException">It can't be understood.</exception>
    public static NextflowRow Read(string file, long line, Dictionary<string, int> columns, string text)
    {
        var fields = text.Split('\t');
        TraceFormatException Wrong(string reason) => new(file, line, reason);
        string Field(string column) => columns.TryGetValue(column, out var place) && place < fields.Length && fields[place].Trim() is var field && field != "-" ? field : "";
        DateTimeOffset? Moment(string column) => Field(column) switch
        {
            "" => null,
            var field when MomentReader.TryIso(field, out var moment) || MomentReader.TryEpochMilliseconds(field, out moment) => moment,
            var field => throw Wrong($"{column} is '{field}', which is neither a date nor milliseconds since 1970"),
        };
        TimeSpan? Time(string column) => Field(column) switch
        {
            "" => null,
            var field when NextflowDuration.TryRead(field, out var time) => time,
            var field => throw Wrong($"{column} is '{field}', which is no duration"),
        };

        var status = Field("status").ToUpperInvariant();
        if (status is not ("COMPLETED" or "FAILED" or "CACHED" or "ABORTED" or "RUNNING" or "SUBMITTED" or "NEW"))
        {
            throw Wrong($"unknown status '{Field("status")}'");
        }

        var name = Field("name") is { Length: > 0 } named ? named : Field("tag") is { Length: > 0 } tag ? $"{Field("process")} ({tag})" : Field("process");
        if (name.Length == 0)
        {
            throw Wrong("the task has no name");
        }

        var (submit, start, complete, duration, realtime) = (Moment("submit"), Moment("start"), Moment("complete"), Time("duration"), Time("realtime"));
        complete ??= start + realtime ?? submit + duration;
        start ??= complete - realtime ?? submit;
        if (start is null && (status is "COMPLETED" or "FAILED"))
        {
            throw Wrong("it has no submit, start or complete with a date, so that nobody can know when the task ran");
        }

        return new NextflowRow
        {
            Line = line,
            Id = Field("task_id"),
            Name = name,
            Stage = StageName.Of(Field("process") is { Length: > 0 } process ? process : Bare(name)),
            Status = status,
            Attempt = int.TryParse(Field("attempt"), NumberStyles.None, CultureInfo.InvariantCulture, out var attempt) ? attempt : null,
            Submitted = submit ?? start,
            Start = start,
            End = complete,
        };
    }

    /// <summary>A task's name without the tag at its end.</summary>
    private static string Bare(string name) => name.IndexOf(" (", StringComparison.Ordinal) is var tag and > 0 ? name[..tag] : name;
}
