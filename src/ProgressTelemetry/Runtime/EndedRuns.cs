namespace ProgressTelemetry.Runtime;

/// <summary>Runs that ended lately, for as long as they are kept.</summary>
internal sealed class EndedRuns(TrackerClock clock, TimeSpan retention, int most)
{
    private readonly Lock _gate = new();
    private readonly Queue<LiveRun> _byEnd = new();
    private readonly Dictionary<string, LiveRun> _byId = new(StringComparer.Ordinal);

    public void Add(LiveRun run)
    {
        lock (_gate)
        {
            _byEnd.Enqueue(run);
            _byId[run.Id] = run;
        }

        Prune();
    }

    public LiveRun? Find(string id)
    {
        Prune();
        lock (_gate)
        {
            return _byId.GetValueOrDefault(id);
        }
    }

    /// <summary>A new run has taken the id: the old one must not have series with the same labels.</summary>
    public void Forget(string id)
    {
        lock (_gate)
        {
            _byId.Remove(id);
        }
    }

    /// <summary>The latest first.</summary>
    public IReadOnlyList<LiveRun> Latest()
    {
        Prune();
        lock (_gate)
        {
            return [.. _byEnd.Where(run => _byId.GetValueOrDefault(run.Id) == run).Reverse()];
        }
    }

    /// <summary>Forgets what has been kept for long enough.</summary>
    public void Prune()
    {
        lock (_gate)
        {
            var now = clock.Now;
            while (_byEnd.TryPeek(out var oldest) && (_byEnd.Count > most || clock.Seconds(oldest.Outcome.EndStamp, now) > retention.TotalSeconds))
            {
                _byEnd.Dequeue();
                if (_byId.GetValueOrDefault(oldest.Id) == oldest)
                {
                    _byId.Remove(oldest.Id);
                }
            }
        }
    }
}
