namespace ProgressTelemetry.Replay;

/// <summary>One line of a trace: a task started or completed.</summary>
/// <param name="Seconds">Time since the run's start, in s.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Task">The task's id, unique in the trace.</param>
/// <param name="Stage">The task's stage.</param>
/// <param name="Parents">Ids of the tasks that this one needed; only on starts.</param>
public sealed record TraceEvent(double Seconds, TraceEventKind Kind, string Task, string Stage, IReadOnlyList<string> Parents);

/// <summary>What happened to a task.</summary>
public enum TraceEventKind
{
    /// <summary>It started.</summary>
    Start,

    /// <summary>It ended well.</summary>
    Complete,
}
