using static ProgressTelemetry.Model.SilenceConstants;

namespace ProgressTelemetry.Model;

/// <summary>
/// A run's silences: when one is a stall, and what they teach. Progress is what happens (a task that starts or ends, a report, a stage, a revision, items); a declared wait is neither progress nor silence. A silence that
/// was a stall teaches no more than was known when it was noticed, and beyond that it is no work either. All times in seconds, by arrival.
/// </summary>
internal sealed class Silence(Ledger ledger, IReadOnlyList<Stage> stages)
{
    private double _waitedAtProgress;
    private double _longest;
    private double _observed;
    private double _quietSince;
    private double _noticedAfter;
    private double _lost;

    /// <summary>When there last was progress.</summary>
    public double LastProgress { get; private set; }

    public bool IsStalled { get; private set; }

    /// <summary>Seconds of silences that were stalls and are over, beyond what counts as work.</summary>
    public double Lost => _lost;

    /// <summary>Since when it is silent: the last progress, or the start or end of a declared wait, when that was later.</summary>
    public double Since(bool isWaiting) => isWaiting ? LastProgress : Math.Max(LastProgress, _quietSince);

    /// <summary>Seconds since the last progress, those not counted in which the run was in a declared wait and nothing ran.</summary>
    public double At(double t) => Math.Max(0, ledger.Clamp(t) - LastProgress - (ledger.Waited(t) - _waitedAtProgress));

    /// <summary>Seconds of stalls as of <paramref name="t"/>, the present one included, that count as no work.</summary>
    public double LostAt(double t) => _lost + (IsStalled ? Excess(t) : 0);

    /// <summary>The longest silence, the present one included, as far as it teaches.</summary>
    public double LongestAt(double t)
    {
        var now = Math.Max(_observed, At(t));
        return Math.Max(_longest, IsStalled ? Math.Min(now, _noticedAfter) : now);
    }

    /// <summary>
    /// A silence longer than this is a stall: some times the longest of the expected tasks of the stages that are running, the silences of this run that are over, and those of the last runs. It doesn't depend on how long
    /// the present silence is.
    /// </summary>
    public double Limit(ReadOnlySpan<RunProfile> history)
    {
        var recent = history[..Math.Min(history.Length, Profiles)];
        var longest = _longest;
        foreach (var profile in recent)
        {
            longest = Math.Max(longest, profile.LongestSilenceSeconds);
        }

        var (begun, longestTask) = (false, 0.0);
        for (var i = 0; i < stages.Count; i++)
        {
            begun |= stages[i].Begun;
            longestTask = Math.Max(longestTask, stages[i].Counts.LongestSeconds);
        }

        for (var i = 0; i < stages.Count; i++)
        {
            if (stages[i].Time.Units > 0)
            {
                longest = Math.Max(longest, ExpectedTask(stages[i], recent, longestTask));
            }
        }

        if (!begun && recent.IsEmpty)
        {
            longest = UnseenTaskSeconds;
        }

        return Math.Max(ShortestLimit, longest * (recent.IsEmpty ? FactorWithoutHistory : FactorWithHistory));
    }

    /// <summary>Something happened at <paramref name="at"/>, or <paramref name="events"/> things in this gap, the last of them then. Returns whether a stall is over.</summary>
    /// <remarks>
    /// Counted progress is learned of later than it happens. Of several events in one gap, one silence was at least the mean; what was seen of a silence when somebody looked is certain; and waits since then are taken
    /// to lie after the progress.
    /// </remarks>
    public bool Progress(double at, long events = 1)
    {
        var wasStalled = Resume(at);
        if (at < LastProgress)
        {
            return wasStalled;
        }

        var waitedBy = ledger.Waited(ledger.Now);
        waitedBy -= Math.Min(ledger.Now - at, waitedBy - _waitedAtProgress);
        var before = Math.Max(0, at - LastProgress - (waitedBy - _waitedAtProgress));
        var silence = Math.Max(_observed, events > 1 ? before / events : before);
        Learn(wasStalled ? Math.Min(silence, _noticedAfter) : silence);
        LastProgress = at;
        _waitedAtProgress = waitedBy;
        return wasStalled;
    }

    /// <summary>Something happened that tells nothing of the pace, such as a skipped task: the run lives, and the silence before it teaches nothing.</summary>
    public bool SignOfLife(double at)
    {
        var wasStalled = Resume(at);
        _observed = 0;
        LastProgress = Math.Max(LastProgress, at);
        _waitedAtProgress = ledger.Waited(ledger.Now);
        return wasStalled;
    }

    /// <summary>A declared wait begins or ends at <paramref name="at"/>: who declares it isn't stuck. Returns whether a stall is over.</summary>
    public bool Quiet(double at)
    {
        var wasStalled = Resume(at);
        _quietSince = Math.Max(_quietSince, at);
        return wasStalled;
    }

    /// <summary>The run goes on: the time before is no silence, but what its silences taught and lost stays.</summary>
    public void Restore(double longest, double lost) => (_longest, _lost, LastProgress, _waitedAtProgress) = (longest, lost, ledger.Now, ledger.Waited(ledger.Now));

    /// <summary>Others tell what they lost and waited, which is no end of the present silence. How long their silences were says nothing: they were ones of theirs alone.</summary>
    public void Hear(double lost, double waited) => (_lost, _waitedAtProgress) = (_lost + lost, _waitedAtProgress + waited);

    /// <summary>Somebody looked and nothing had moved.</summary>
    public void Looked() => _observed = Math.Max(_observed, At(ledger.Now));

    /// <summary>The silence is a stall.</summary>
    public void Stall(double silence)
    {
        IsStalled = true;
        _noticedAfter = silence;
    }

    private bool Resume(double at)
    {
        if (!IsStalled)
        {
            return false;
        }

        Lose(Excess(at));
        _observed = Math.Min(_observed, _noticedAfter);
        IsStalled = false;
        return true;
    }

    // Where something hung, that time is neither the work's wall nor its pace.
    private void Lose(double seconds)
    {
        _lost += seconds;
        for (var i = 0; i < stages.Count && seconds > 0; i++)
        {
            var time = stages[i].Time;
            if (time.Units > 0)
            {
                time.LostWall += seconds * time.Units / ledger.Units;
            }

            if (!double.IsNaN(time.ActiveSince))
            {
                time.EndedActive -= seconds;
            }
        }
    }

    private double Excess(double t) => Math.Max(0, At(t) - _noticedAfter);

    private void Learn(double silence)
    {
        _longest = Math.Max(_longest, silence);
        _observed = 0;
    }

    private static double ExpectedTask(Stage s, ReadOnlySpan<RunProfile> recent, double longestTask)
    {
        // A stage that was reported on in parts has shown its pace, by the silences between the reports.
        var seen = s.Counts.Timed + s.Counts.Counted > 0 || s.Counts.FromFraction > 0 || s.Counts.Fraction > 0 || s.Counts.Partial > 0;
        var longest = s.IsTimed ? s.Counts.LongestSeconds
            : s.Counts.CountedWork >= 1 && s.Counts.Fraction <= 0 ? s.Time.ActiveAtCounted / s.Counts.CountedWork
            : 0;
        foreach (var profile in recent)
        {
            if (profile.Find(s.Name, s.Index) is not { } before)
            {
                continue;
            }

            seen = true;
            longest = Math.Max(longest, Math.Max(before.LongestSeconds, before.MeanSeconds));
        }

        return seen ? longest : Math.Max(UnseenTaskSeconds, UnseenTaskGrowth * longestTask);
    }
}
