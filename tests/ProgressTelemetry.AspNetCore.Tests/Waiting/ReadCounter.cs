namespace ProgressTelemetry.AspNetCore.Tests.Waiting;

/// <summary>Counts how often runs are read.</summary>
internal sealed class ReadCounter(IRunReader inner) : IRunReader
{
    private int _reads;

    public int Reads => Volatile.Read(ref _reads);

    public RunPage List(RunQuery query)
    {
        Interlocked.Increment(ref _reads);
        return inner.List(query);
    }

    public WorkflowStatus? GetStatus(string runId)
    {
        Interlocked.Increment(ref _reads);
        return inner.GetStatus(runId);
    }

    public ProgressReport? GetReport(string runId) => throw new InvalidOperationException("Who waits for a run gets no report of it.");
}
