using System.Collections.Concurrent;
using ProgressTelemetry.Model;

namespace ProgressTelemetry.Runtime;

/// <summary>The runs of a tracker, live and lately ended, and the timer that looks at them.</summary>
internal sealed class RunRegistry : IDisposable
{
    private static readonly TimeSpan TickPeriod = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, LiveRun> _live = new(StringComparer.Ordinal);
    private readonly EndedRuns _ended;
    private readonly RunServices _services;
    private readonly ITimer _timer;
    private int _isTicking;
    private long _lastTick;
    private long _numbers;

    public RunRegistry(RunServices services)
    {
        _services = services;
        _services.Ended = Ended;
        _ended = new EndedRuns(services.Clock, services.Settings.EndedRunRetention, TrackerSettings.MostSeries);
        _lastTick = services.Clock.Now;

        // The timer must not carry the Activity or the other context of whoever made the tracker.
        using (ExecutionContext.SuppressFlow())
        {
            _timer = services.Clock.Provider.CreateTimer(static registry => ((RunRegistry)registry!).Tick(), this, TickPeriod, TickPeriod);
        }
    }

    /// <summary>When the timer was last through with all runs.</summary>
    public long LastTick => Volatile.Read(ref _lastTick);

    /// <summary>Called at the end of each tick, with the moment.</summary>
    public Action<long>? Ticked { get; set; }

    public IEnumerable<LiveRun> Live => _live.Select(pair => pair.Value);

    public int LiveCount => _live.Count;

    public LiveRun? Find(string id) => _live.GetValueOrDefault(id) ?? _ended.Find(id);

    public LiveRun? FindLive(string id) => _live.GetValueOrDefault(id);

    /// <summary>The latest first.</summary>
    public IReadOnlyList<LiveRun> LatelyEnded => _ended.Latest();

    /// <summary>Makes a run live under its id; null when another is.</summary>
    public LiveRun? TryStart(RunIdentity identity, Model.RunPlan plan, RunProfile[] history)
    {
        _services.Clock.Calibrate();
        var run = new LiveRun(_services, identity, plan, history, _services.Clock.Now, Interlocked.Increment(ref _numbers));
        run.Participation = _services.Join(run);
        if (!_live.TryAdd(identity.Id, run))
        {
            return null;
        }

        _ended.Forget(identity.Id);
        run.Begin();
        return run;
    }

    public void Dispose() => _timer.Dispose();

    private void Ended(LiveRun run)
    {
        if (run.Timeline is not null)
        {
            _services.Recorded();
        }

        // What others go on with is theirs to show.
        if (run.Outcome.Ending != RunEnding.Left)
        {
            _ended.Add(run);
        }

        _live.TryRemove(new KeyValuePair<string, LiveRun>(run.Id, run));
    }

    private void Tick()
    {
        // A tick that takes longer than the period isn't overtaken by the next.
        if (Interlocked.Exchange(ref _isTicking, 1) != 0)
        {
            return;
        }

        try
        {
            _services.Clock.Calibrate();
            var now = _services.Clock.Now;
            _services.Running.Tick(now);
            foreach (var pair in _live)
            {
                Tick(pair.Value, now);
            }

            _ended.Prune();
            _services.Errors.Tell();
            Ticked?.Invoke(now);

            // Last, so that the heartbeat says that all of it was done.
            Volatile.Write(ref _lastTick, now);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // An exception here would end the process that is being watched.
            _services.Errors.Add(TrackerErrors.TimerFailed, "the tracker's timer failed", e);
        }
        finally
        {
            Volatile.Write(ref _isTicking, 0);
        }
    }

    // One run's trouble stops at that run.
    private void Tick(LiveRun run, long now)
    {
        try
        {
            if (run.Watch.Tick(now))
            {
                run.Outcome.End(WorkflowResult.Abandoned, null, isDispose: true, ending: run.IsPart ? RunEnding.Left : RunEnding.Own);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _services.Errors.Add(TrackerErrors.TimerFailed, $"the timer failed at run '{run.Id}'", e);
        }
    }
}
