namespace ProgressTelemetry;

/// <summary>A declared wait of a stage, from <see cref="WorkflowStage.Wait"/> until it is disposed (once; more does nothing) or the stage ends.</summary>
public sealed class WaitScope : IDisposable
{
    private Action? _end;

    internal WaitScope(Action? end, string reason) => (_end, Reason) = (end, reason);

    /// <summary>What is waited for.</summary>
    public string Reason { get; }

    /// <summary>Ends the wait.</summary>
    public void Dispose() => Interlocked.Exchange(ref _end, null)?.Invoke();
}
