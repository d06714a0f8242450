namespace ProgressTelemetry.Replay;

/// <summary>One thing that happened in a recorded run.</summary>
/// <param name="Seconds">Time since the run's start, in s.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Task">The task's id, unique in the trace. A wait's may be empty: then the stage waits.</param>
/// <param name="Stage">The stage.</param>
public sealed record TraceEvent(double Seconds, TraceEventKind Kind, string Task, string Stage)
{
    /// <summary>Ids of the tasks that this one needed; on starts and skips.</summary>
    public IReadOnlyList<string> Parents { get; init; } = [];

    /// <summary>What is waited for; on waits.</summary>
    public string Reason { get; init; } = "";
}
