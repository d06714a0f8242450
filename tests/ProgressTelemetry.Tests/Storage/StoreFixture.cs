using ProgressTelemetry.TestSupport;
using ProgressTelemetry.Tests.Support;

namespace ProgressTelemetry.Tests.Storage;

/// <summary>Processes, one after the other or side by side, that share a clock and a store: each is a tracker of its own.</summary>
internal sealed class StoreFixture : IDisposable
{
    private readonly List<ProgressTracker> _trackers = [];

    public StoreFixture()
    {
        Store = new ScriptedStore(new InMemoryRunStore(Clock));
    }

    public ManualTimeProvider Clock { get; } = new();

    public ScriptedStore Store { get; }

    public RecordingLoggerFactory Log { get; } = new();

    /// <summary>A process that starts: it knows what the store knows.</summary>
    public async Task<ProgressTracker> StartProcessAsync(params ProgressListener[] listeners)
    {
        var tracker = new ProgressTracker(null, Clock, Log, history: null, listeners, "." + Guid.NewGuid().ToString("N"), Store);
        _trackers.Add(tracker);
        await tracker.FlushAsync();
        return tracker;
    }

    /// <summary>A tracker whose metrics can be read, on the same clock and store.</summary>
    public TrackerFixture Measured() => new(Store, Clock);

    /// <summary>Kill -9: nothing more is told, by nobody.</summary>
    public void Kill(ProgressTracker tracker)
    {
        tracker.Dispose();
        _trackers.Remove(tracker);
    }

    /// <summary>All that the store keeps.</summary>
    public async Task<IReadOnlyList<RunShare>> ReadAllAsync() => [.. (await Store.GetChangesAsync(null, int.MaxValue, default)).Shares.Select(stored => stored.Share!)];

    public void Dispose()
    {
        _trackers.ForEach(tracker => tracker.Dispose());
        Log.Dispose();
    }
}
