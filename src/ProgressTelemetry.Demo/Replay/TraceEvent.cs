namespace ProgressTelemetry.Demo.Replay;

/// <summary>One line of a trace: a task started or completed.</summary>
/// <param name="Seconds">Time since the run's start, in s.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Task">The task's id, unique in the trace.</param>
/// <param name="Stage">The task's stage.</param>
/// <param name="Parents">Ids of the tasks that this one needed; only on starts.</param>
internal sealed record TraceEvent(double Seconds, TraceEventKind Kind, string Task, string Stage, IReadOnlyList<string> Parents);

internal enum TraceEventKind
{
    Start,
    Complete,
}
