namespace ProgressTelemetry.Model;

/// <summary>
/// The last stretches of a run's time and what ran in each, kept for runs whose events bring their own time: an event that comes late, but within the window, is given the wall that it would have had. Each
/// stretch was shared equally among the units that ran in it; one unit more or less shares it out anew.
/// </summary>
internal sealed class RecentTime
{
    /// <summary>How far back an event may come late, s.</summary>
    public const double Window = 60;

    private const int MostStretches = 512;
    private readonly List<Stretch> _stretches = [];

    /// <summary>Notes that from <paramref name="from"/> to <paramref name="to"/> the stages ran as they do now, or only waited.</summary>
    public void Add(double from, double to, IReadOnlyList<Stage> stages, bool isWaiting)
    {
        var units = new Dictionary<Stage, int>();
        foreach (var stage in stages)
        {
            if (stage.Time.Units > 0)
            {
                units.Add(stage, stage.Time.Units);
            }
        }

        _stretches.Add(new Stretch(from, to, units, isWaiting));
        var gone = 0;
        while (gone < _stretches.Count && (_stretches[gone].To < to - Window || _stretches.Count - gone > MostStretches))
        {
            gone++;
        }

        _stretches.RemoveRange(0, gone);
    }

    /// <summary>The stage starts, and takes over the time before it in which nothing ran.</summary>
    public void TakeOver(Stage stage)
    {
        for (var i = _stretches.Count - 1; i >= 0; i--)
        {
            if (_stretches[i] is { Units.Count: 0, IsWaiting: false, Owner: null } idle)
            {
                _stretches[i] = idle with { Owner = stage };
            }
        }
    }

    /// <summary>
    /// Shares out anew what passed between the two moments, with <paramref name="change"/> units of the stage more (1) or less (-1); but what was a declared wait stays one. Returns by how much the time grew in which
    /// nothing ran, and the part of that which no stage has taken over.
    /// </summary>
    public (double Idle, double Left) Correct(Stage stage, double from, double to, int change)
    {
        var (idle, left) = (0.0, 0.0);
        for (var i = 0; i < _stretches.Count; i++)
        {
            var stretch = _stretches[i];
            if (stretch.To <= from || stretch.From >= to || stretch.IsWaiting)
            {
                continue;
            }

            // Only the part that the correction covers; the rest stays a stretch of its own.
            if (stretch.From < from)
            {
                _stretches.Insert(++i, stretch with { From = from, Units = new(stretch.Units) });
                _stretches[i - 1] = stretch with { To = from };
                stretch = _stretches[i];
            }

            if (stretch.To > to)
            {
                _stretches.Insert(i + 1, stretch with { From = to, Units = new(stretch.Units) });
                _stretches[i] = stretch = stretch with { To = to };
            }

            var more = Correct(stretch, stage, change);
            idle += more;
            left += stretch.Owner is null ? more : 0;
        }

        return (idle, left);
    }

    private static double Correct(Stretch stretch, Stage stage, int change)
    {
        var own = stretch.Units.GetValueOrDefault(stage);
        var before = stretch.Units.Values.Sum();
        if (own + change < 0)
        {
            return 0;
        }

        var (length, after) = (stretch.To - stretch.From, before + change);
        if (stretch.Owner is { } owner)
        {
            owner.Time.SettledWall -= before == 0 ? length : after == 0 ? -length : 0;
        }

        foreach (var (other, units) in stretch.Units)
        {
            other.Time.SettledWall -= units * length / before;
        }

        stretch.Units[stage] = own + change;
        if (own + change == 0)
        {
            stretch.Units.Remove(stage);
        }

        foreach (var (other, units) in stretch.Units)
        {
            other.Time.SettledWall += units * length / after;
        }

        return before == 0 ? -length : after == 0 ? length : 0;
    }

    // The owner of a stretch in which nothing ran: the stage that took it over.
    private sealed record Stretch(double From, double To, Dictionary<Stage, int> Units, bool IsWaiting, Stage? Owner = null);
}
