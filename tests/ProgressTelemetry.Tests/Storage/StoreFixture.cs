using ProgressTelemetry.TestSupport;
using ProgressTelemetry.Tests.Support;
using Xunit;

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
    public Task<ProgressTracker> StartProcessAsync(params ProgressListener[] listeners) => StartProcessAsync(Clock, listeners);

    /// <summary>A process that starts, on a clock of its own.</summary>
    public Task<ProgressTracker> StartProcessAsync(TimeProvider clock, params ProgressListener[] listeners) => StartProcessAsync(null, clock, Store, listeners);

    /// <summary>A process that starts, with a way to the store of its own.</summary>
    public Task<ProgressTracker> StartProcessAsync(IRunStore store) => StartProcessAsync(null, Clock, store, []);

    /// <summary>A process that starts, and follows the runs that it works on alone.</summary>
    public Task<ProgressTracker> StartWorkerAsync() => StartProcessAsync(new ProgressTrackingOptions { FollowAllStoredRuns = false }, Clock, Store, []);

    /// <summary>A tracker whose metrics can be read, on the same clock and store.</summary>
    public TrackerFixture Measured() => new(Store, Clock);

    /// <summary>All of them tell what they did, and hear of each other.</summary>
    public static async Task SyncAsync(params ProgressTracker[] trackers)
    {
        for (var round = 0; round < 2; round++)
        {
            foreach (var tracker in trackers)
            {
                Assert.True(await tracker.FlushAsync());
            }
        }
    }

    /// <summary>Time passes in which each process takes its turns.</summary>
    public async Task PassAsync(int seconds, params ProgressTracker[] trackers)
    {
        for (var second = 0; second < seconds; second++)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            await SyncAsync(trackers);
        }
    }

    /// <summary>Kill -9: nothing more is told, by nobody.</summary>
    public void Kill(ProgressTracker tracker)
    {
        tracker.Dispose();
        _trackers.Remove(tracker);
    }

    /// <summary>All that the store keeps.</summary>
    public async Task<IReadOnlyList<RunShare>> ReadAllAsync() => [.. (await Store.GetChangesAsync(new ShareQuery(null, int.MaxValue), default)).Shares.Select(stored => stored.Share!)];

    private async Task<ProgressTracker> StartProcessAsync(ProgressTrackingOptions? options, TimeProvider clock, IRunStore store, ProgressListener[] listeners)
    {
        var tracker = new ProgressTracker(options, clock, Log, history: null, listeners, "." + Guid.NewGuid().ToString("N"), store);
        _trackers.Add(tracker);
        await tracker.FlushAsync();
        return tracker;
    }

    public void Dispose()
    {
        _trackers.ForEach(tracker => tracker.Dispose());
        Log.Dispose();
    }
}
