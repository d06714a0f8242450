namespace ProgressTelemetry;

/// <summary>
/// Tells a tracker of runs beside the code that calls it: from an engine's spans, events or messages. Part of a tracker's options (<see cref="ProgressTrackingOptions.GetAdapter{T}"/>), it starts and ends with the tracker.
/// </summary>
public interface IProgressAdapter
{
    /// <summary>
    /// The activity sources that it listens to and wants exported: a tracer provider that publishes the tracker's spans publishes theirs too. A span that is listened to and not exported hides its children from samplers that follow the parent.
    /// </summary>
    IReadOnlyCollection<string> Sources { get; }

    /// <summary>Starts telling.</summary>
    /// <param name="tracker">Whom to tell.</param>
    /// <param name="failed">Counts a failure in <c>progress.tracker.errors</c> as <c>adapter_failed</c>, with what failed and why; the first is logged.</param>
    /// <returns>What ends it: disposed before the tracker ends.</returns>
    IDisposable Start(ProgressTracker tracker, Action<string, Exception> failed);
}
