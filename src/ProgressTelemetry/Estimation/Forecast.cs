using ProgressTelemetry.Model;
using static ProgressTelemetry.Estimation.EstimatorConstants;

namespace ProgressTelemetry.Estimation;

/// <summary>
/// Predicts a run's end and what decides it: a blend of one estimate from the run alone and one per earlier run, weighted by age and by how alike the runs
/// are in size, stages and durations. The interval comes from the votes' spread. Keeps its working memory; as little thread-safe as the run.
/// </summary>
internal sealed class Forecast(Run run)
{
    private readonly StageViews _views = new(run);
    private readonly ScaledHistory _scaled = new();

    /// <summary>The run's predicted total duration, or null while there is nothing to say.</summary>
    public Estimate? Predict(double t, ReadOnlySpan<RunProfile> history)
    {
        var worked = run.WorkedAt(t);
        if (worked < ShortestElapsed || ((!run.HasBegun || run is { IsOpenEnded: true, Expected: null }) && history.IsEmpty) || !_views.Read(t, history))
            return null;
        var votes = Votes.Cast(_views, _scaled, worked, history);
        var silence = run.Silence.At(t);
        var interval = EstimateInterval.Of(_views, _scaled, votes, worked, silence);
        var remaining = _views.AllDone ? Math.Max(votes.Remaining, silence) : votes.Remaining;
        var waits = RemainingWaits.Of(run.Ledger.OpenWaitAt(t), _views, history);
        var expected = t + (remaining + waits.Expected);
        var estimate = new Estimate(
            expected,
            Math.Min(expected, t + interval.Low + waits.Low),
            Math.Max(expected, t + interval.High + waits.High),
            votes.Profiles);
        return double.IsFinite(estimate.High) ? estimate : null;
    }

    /// <summary>What decides the run's duration; see <see cref="BottleneckFinder"/>.</summary>
    public Bottleneck FindBottleneck(double t, ReadOnlySpan<RunProfile> history, bool isOver)
    {
        var worked = run.WorkedAt(t);
        var (waiting, idle) = (run.Ledger.Waited(t), run.Ledger.IdleAt(t));
        if (isOver || worked < ShortestElapsed || !run.HasBegun || !_views.Read(t, history))
            return BottleneckFinder.OfSpent(run, t, worked, waiting, idle);
        Votes.Cast(_views, _scaled, worked, history);
        return BottleneckFinder.OfPredicted(_views, worked, waiting + RemainingWaits.Of(run.Ledger.OpenWaitAt(t), _views, history).Expected, idle, history);
    }

    public double RemainingWall(Stage s) => _views.RemainingOf(s);
}
