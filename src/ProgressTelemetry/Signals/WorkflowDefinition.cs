using ProgressTelemetry.Model;
using static ProgressTelemetry.Signals.SignalNames;

namespace ProgressTelemetry.Signals;

/// <summary>A workflow's name and all that is counted under it, over all its runs.</summary>
internal sealed class WorkflowDefinition
{
    private int _activeRuns;
    private long _stalls;
    private long _lastSuccessTicks;

    public WorkflowDefinition(string name, SeriesLimit durations, NamedCounts milestones, ResultTags? folded)
    {
        Name = name;
        Tags = [new(Attributes.Workflow, name)];
        Milestones = milestones;
        RunDuration = new ResultTags(
            durations,
            (result, errorType) => errorType is null
                ? [new(Attributes.Workflow, name), new(Attributes.RunResult, result.Name())]
                : [new(Attributes.ErrorType, errorType), new(Attributes.Workflow, name), new(Attributes.RunResult, result.Name())],
            folded);
    }

    public string Name { get; }

    public KeyValuePair<string, object?>[] Tags { get; }

    public ResultTags RunDuration { get; }

    /// <summary>Each milestone's count stands at 0 from its declaration.</summary>
    public NamedCounts Milestones { get; }

    public int ActiveRuns => Volatile.Read(ref _activeRuns);

    public long Stalls => Volatile.Read(ref _stalls);

    /// <summary>The UTC ticks of the last successful end; 0 before the first.</summary>
    public long LastSuccessTicks => Volatile.Read(ref _lastSuccessTicks);

    public void RunStarted() => Interlocked.Increment(ref _activeRuns);

    public void RunEnded(bool success, DateTimeOffset at)
    {
        Interlocked.Decrement(ref _activeRuns);
        if (success)
        {
            Volatile.Write(ref _lastSuccessTicks, at.UtcTicks);
        }
    }

    public void Stalled() => Interlocked.Increment(ref _stalls);
}
