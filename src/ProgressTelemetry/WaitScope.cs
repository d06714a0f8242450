namespace ProgressTelemetry;

/// <summary>A declared wait of a stage, from <see cref="WorkflowStage.Wait"/> until it is disposed (once; more does nothing) or the stage ends.</summary>
public sealed class WaitScope : IDisposable
{
    private WorkflowStage? _stage;

    internal WaitScope(WorkflowStage? stage, string reason) => (_stage, Reason) = (stage, reason);

    /// <summary>What is waited for.</summary>
    public string Reason { get; }

    /// <summary>Ends the wait.</summary>
    public void Dispose() => Interlocked.Exchange(ref _stage, null)?.EndWait();
}
