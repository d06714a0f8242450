namespace ProgressTelemetry.MassTransit;

/// <summary>What all hooks share: the tracker, and that nothing of theirs is thrown into MassTransit; what fails is counted in <c>progress.tracker.errors</c>.</summary>
internal sealed class Adapter(ProgressTracker tracker)
{
    public ProgressTracker Tracker => tracker;

    public void Guard(Action hook)
    {
        try
        {
            hook();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Failed(e);
        }
    }

    public void Failed(Exception exception) => tracker.AdapterFailed("MassTransit", exception);
}
