namespace ProgressTelemetry.Registration;

/// <summary>
/// Ends the runs that are live when a container ends without a host having stopped. A container disposes first what it made last: made with the first run's listeners, when the providers are there already, this comes before them, so
/// that spans, counts and logs still go out.
/// </summary>
internal sealed class RunsEnd(ProgressTracker tracker) : IDisposable
{
    public void Dispose() => tracker.AbandonAll();
}
