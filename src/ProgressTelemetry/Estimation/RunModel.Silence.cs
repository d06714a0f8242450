using static ProgressTelemetry.Estimation.SilenceConstants;

namespace ProgressTelemetry.Estimation;

internal sealed partial class RunModel
{
    private double _waitedAtProgress;
    private double _longestSilence;
    private double _observedSilence;
    private double _longestTask;

    /// <summary>When a task last started or ended, or a stage was entered or left. A declared wait is neither progress nor silence.</summary>
    public double LastProgress { get; private set; }

    /// <summary>Seconds since the last progress, those not counted in which the run was in a declared wait and nothing ran.</summary>
    public double SilenceAt(double t)
    {
        var end = Clamp(t);
        return Math.Max(0, end - LastProgress - (Waited(end) - _waitedAtProgress));
    }

    /// <summary>
    /// A silence longer than this, in seconds, is a stall: k times the longest of the expected tasks of the stages that are running, the silences of this run
    /// that are over, and those of the last runs; k = 2 with history, 3 without. It doesn't depend on how long the present silence is.
    /// </summary>
    public double SilenceLimit(ReadOnlySpan<RunProfile> history)
    {
        var recent = history[..Math.Min(history.Length, Profiles)];
        var longest = _longestSilence;
        foreach (var profile in recent)
            longest = Math.Max(longest, profile.LongestSilenceSeconds);
        foreach (var s in _stages)
        {
            if (s.Units > 0)
                longest = Math.Max(longest, ExpectedTask(s, recent));
        }

        if (_begun == 0 && recent.IsEmpty)
            longest = UnseenTaskSeconds;
        return Math.Max(ShortestLimit, longest * (recent.IsEmpty ? FactorWithoutHistory : FactorWithHistory));
    }

    /// <summary>The longest silence of the run, the present one included.</summary>
    internal double LongestSilenceAt(double t) => Math.Max(Math.Max(_longestSilence, _observedSilence), SilenceAt(t));

    private double ExpectedTask(StageModel s, ReadOnlySpan<RunProfile> recent)
    {
        var seen = s.Done > 0;
        var longest = s.IsTimed ? s.LongestDuration
            : s.Counted > 0 ? s.ActiveAtCounted / s.Counted
            : 0;
        foreach (var profile in recent)
        {
            if (profile.Find(s.Name, s.Index) is not { } before)
                continue;
            seen = true;
            longest = Math.Max(longest, Math.Max(before.LongestSeconds, before.MeanSeconds));
        }

        return seen ? longest : Math.Max(UnseenTaskSeconds, UnseenTaskGrowth * _longestTask);
    }

    private void Progressed() => Progressed(_now, 1);

    /// <remarks>
    /// Counted progress is learned of later than it happens. Of <paramref name="events"/> in one gap, one silence was at least the mean; what was seen of a
    /// silence when somebody looked is certain; and waits since then are taken to lie after the progress.
    /// </remarks>
    private void Progressed(double at, long events)
    {
        if (at < LastProgress)
            return;
        var waited = Math.Min(_now - at, _waitedTotal - _waitedAtProgress);
        var before = Math.Max(0, at - LastProgress - (_waitedTotal - waited - _waitedAtProgress)) / events;
        _longestSilence = Math.Max(_longestSilence, Math.Max(_observedSilence, before));
        _observedSilence = 0;
        LastProgress = at;
        _waitedAtProgress = _waitedTotal - waited;
    }

    /// <summary>Somebody looked and the count had not moved.</summary>
    private void Looked() => _observedSilence = Math.Max(_observedSilence, SilenceAt(_now));
}
