namespace ProgressTelemetry.AspNetCore.Waiting;

/// <summary>The name of the status monitor's endpoint, which only one of them can have, however often <c>MapProgress()</c> is called.</summary>
internal sealed class OperationName
{
    private int _isTaken;

    public bool Take() => Interlocked.Exchange(ref _isTaken, 1) == 0;
}
