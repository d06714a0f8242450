namespace ProgressTelemetry.Replay.Tests.Play;

/// <summary>Counts the stalls that a tracker tells of; all of them once the tracker is disposed.</summary>
internal sealed class StallCount : ProgressListener
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public override void OnStalled(WorkflowRun run, TimeSpan silence) => Interlocked.Increment(ref _count);
}
