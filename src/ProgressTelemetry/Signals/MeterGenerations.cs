using ProgressTelemetry.Runtime;

namespace ProgressTelemetry.Signals;

/// <summary>The meters of one group of per-run gauges: the one that takes new runs, and older ones whose runs are still shown. Not thread-safe; used by whoever chooses.</summary>
internal sealed class MeterGenerations(int group, TrackerClock clock, Func<int, MeterGeneration> make)
{
    /// <summary>How long a meter without runs stays, s: longer than the usual scrape interval, so that every reader has seen it empty before it goes.</summary>
    private const double EmptyFor = 120;

    private readonly List<MeterGeneration> _all = [make(group)];

    /// <summary>Label sets that one meter may give out.</summary>
    public int Most { get; set; } = TrackerSettings.MostSeries;

    public int Count => _all.Count;

    /// <summary>Gives the run so many label sets in the meter that it is in, or in the current one. False when that meter has no room for the growth.</summary>
    public bool TryTake(ShownRun run, int weight)
    {
        var generation = run.Generations[group];
        var more = weight - run.Weights[group];
        if (generation is null)
        {
            if (_all[^1].Used + weight > Most)
            {
                _all.Add(make(group));
            }

            generation = run.Generations[group] = _all[^1];
            generation.Members++;
            generation.EmptySince = null;
        }
        else if (more > 0 && generation.Used + more > Most)
        {
            return false;
        }

        if (more > 0)
        {
            generation.Used += more;
            run.Weights[group] = weight;
        }

        return true;
    }

    /// <summary>The run is gone for good.</summary>
    public void Leave(ShownRun run)
    {
        if (run.Generations[group] is { } generation && --generation.Members == 0)
        {
            generation.EmptySince = clock.Now;
        }
    }

    /// <summary>Lets collections see these runs, each in its own meter, and retires meters that have been empty for long enough.</summary>
    public void Publish(IReadOnlyCollection<ShownRun> shown)
    {
        foreach (var generation in _all)
        {
            generation.Shown = [.. shown.Where(run => run.Generations[group] == generation)];
        }

        foreach (var generation in _all.SkipLast(1).Where(g => g.EmptySince is { } since && clock.Seconds(since, clock.Now) > EmptyFor).ToArray())
        {
            _all.Remove(generation);
            generation.Dispose();
        }
    }

    public void Dispose() => _all.ForEach(generation => generation.Dispose());
}
