namespace ProgressTelemetry.Tracking;

/// <summary>Runs that ended lately, for as long as they are kept.</summary>
internal sealed class EndedRuns(TrackerClock clock, TimeSpan retention, int most)
{
    private readonly Lock _gate = new();
    private readonly Queue<RunState> _byEnd = new();
    private readonly Dictionary<string, RunState> _byId = new(StringComparer.Ordinal);

    public void Add(RunState run)
    {
        lock (_gate)
        {
            _byEnd.Enqueue(run);
            _byId[run.Id] = run;
            Prune();
        }
    }

    public RunState? Find(string id)
    {
        lock (_gate)
        {
            Prune();
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
    public IReadOnlyList<RunState> Latest()
    {
        lock (_gate)
        {
            Prune();
            return [.. _byEnd.Where(run => _byId.GetValueOrDefault(run.Id) == run).Reverse()];
        }
    }

    private void Prune()
    {
        var now = clock.Now;
        while (_byEnd.TryPeek(out var oldest) && (_byEnd.Count > most || clock.Elapsed(oldest.EndedAt!.Value, now) > retention))
        {
            _byEnd.Dequeue();
            if (_byId.GetValueOrDefault(oldest.Id) == oldest)
            {
                _byId.Remove(oldest.Id);
            }
        }
    }
}
