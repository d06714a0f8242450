using ProgressTelemetry.Runtime;

namespace ProgressTelemetry.Registration;

/// <summary>The adapters that tell a tracker of runs. One that can't start or end is counted, and holds up nobody.</summary>
internal sealed class RunningAdapters(TrackerErrors errors) : IDisposable
{
    private readonly List<IDisposable> _running = [];

    public void Start(ProgressTracker tracker, IEnumerable<IProgressAdapter> adapters)
    {
        foreach (var adapter in adapters)
        {
            try
            {
                _running.Add(adapter.Start(tracker, Failed));
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Failed($"{adapter.GetType().Name} could not start", e);
            }
        }
    }

    public void Dispose()
    {
        foreach (var adapter in _running)
        {
            try
            {
                adapter.Dispose();
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Failed($"{adapter.GetType().Name} could not end", e);
            }
        }
    }

    private void Failed(string detail, Exception e) => errors.Add(TrackerErrors.AdapterFailed, detail, e);
}
