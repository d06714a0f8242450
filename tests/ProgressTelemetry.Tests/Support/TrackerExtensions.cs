namespace ProgressTelemetry.Tests.Support;

internal static class TrackerExtensions
{
    /// <summary>Waits until the listeners have been told all that happened.</summary>
    public static void Drain(this ProgressTracker tracker) => tracker.DrainAsync().GetAwaiter().GetResult();
}
