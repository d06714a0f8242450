namespace ProgressTelemetry.Replay.Formats;

/// <summary>One attempt at a task, as the exports of workflow engines have them.</summary>
/// <param name="Task">The task's id; attempts at one task share it.</param>
/// <param name="Stage">The task's stage.</param>
/// <param name="Start">When it started; for a task that was skipped, when that was known.</param>
internal sealed record Attempt(string Task, string Stage, DateTimeOffset Start)
{
    /// <summary>When it ended; null while it runs.</summary>
    public DateTimeOffset? End { get; init; }

    /// <summary>How it ended.</summary>
    public TraceEventKind EndsAs { get; init; } = TraceEventKind.Complete;

    public IReadOnlyList<string> Parents { get; init; } = [];

    /// <summary>A declared wait of its own; one without an end lasts as long as the attempt.</summary>
    public (DateTimeOffset From, DateTimeOffset? To, string Reason)? Wait { get; init; }

    /// <summary>The line that it stands in, where lines mean something.</summary>
    public long? Line { get; init; }
}
