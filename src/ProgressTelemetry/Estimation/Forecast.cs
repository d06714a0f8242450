using ProgressTelemetry.Model;
using static ProgressTelemetry.Estimation.EstimatorConstants;

namespace ProgressTelemetry.Estimation;

/// <summary>
/// Predicts a run's end: a weighted geometric mean of one estimate from the run alone and one per earlier run, weighted by how alike the runs
/// are in size, stages and pace. The interval comes from the votes' spread. Keeps its working memory; as little thread-safe as the run.
/// </summary>
internal sealed class Forecast(Run run)
{
    private readonly StageViews _views = new(run);

    public Estimate? Predict(double t, ReadOnlySpan<RunProfile> history)
    {
        var worked = t - run.Ledger.Waited(t);
        if (worked < ShortestElapsed || (!run.HasBegun && history.IsEmpty) || !_views.Read(t, history))
            return null;
        var (mean, variance, profiles) = Vote(worked, history);
        var remaining = Math.Max(Math.Exp(mean), _views.AllDone ? run.Silence.At(t) : 0);
        var waits = RemainingWaits.Of(run, t, _views, history);
        var (low, high) = Interval(worked, remaining, variance, profiles);
        var expected = t + (remaining + waits.Expected);
        var estimate = new Estimate(
            expected,
            Math.Min(expected, t + (remaining * Math.Exp(-low)) + waits.Low),
            Math.Max(expected, t + (remaining * Math.Exp(high)) + waits.High),
            profiles);
        return double.IsFinite(estimate.High) ? estimate : null;
    }

    public Bottleneck FindBottleneck(double t, ReadOnlySpan<RunProfile> history, bool isOver)
    {
        var worked = t - run.Ledger.Waited(t);
        var predicted = !isOver && worked >= ShortestElapsed && run.HasBegun && _views.Read(t, history);
        if (predicted)
            Vote(worked, history);
        var (stage, largest, remaining) = predicted ? LargestPredicted() : LargestSoFar(t);
        var working = worked + remaining;
        var waiting = run.Ledger.Waited(t) + (predicted ? RemainingWaits.Of(run, t, _views, history).Expected : 0);
        var idle = run.Ledger.IdleAt(t);
        idle += remaining * IdleShareToCome(idle, worked, history);
        return waiting > largest ? new Bottleneck(BottleneckKind.Waiting, null, Math.Min(1, waiting / (working + waiting)), waiting)
            : idle > DispatchShare * working ? new Bottleneck(BottleneckKind.Dispatch, null, Math.Min(1, idle / (working + waiting)), idle)
            : stage is not null ? new Bottleneck(BottleneckKind.Stage, stage, Math.Min(1, largest / (working + waiting)), largest)
            : default;
    }

    private (string? Stage, double Wall, double Remaining) LargestPredicted()
    {
        var (stage, largest, remaining) = ((string?)null, 0.0, 0.0);
        foreach (ref readonly var view in _views.All)
        {
            remaining += view.Remaining;
            if (view.Wall + view.Remaining > largest && view.Name.Length > 0)
                (stage, largest) = (view.Name, view.Wall + view.Remaining);
        }

        return (stage, largest, remaining);
    }

    private (string? Stage, double Wall, double Remaining) LargestSoFar(double t)
    {
        var (stage, largest) = ((string?)null, 0.0);
        foreach (var s in run.Stages)
        {
            if (run.Ledger.WallAt(s, t) is var wall && wall > largest)
                (stage, largest) = (s.Name, wall);
        }

        return (stage, largest, 0);
    }

    /// <summary>The share of its working time in which a run has nothing running: as in earlier runs, or as in this one so far.</summary>
    private static double IdleShareToCome(double idle, double worked, ReadOnlySpan<RunProfile> history)
    {
        if (history.IsEmpty)
            return worked > 0 ? idle / worked : 0;
        var sum = 0.0;
        foreach (var profile in history)
        {
            var working = profile.DurationSeconds - profile.WaitSeconds;
            sum += working > 0 ? Math.Min(1, profile.IdleSeconds / working) : 0;
        }

        return sum / history.Length;
    }

    public double RemainingWall(Stage s) => _views.RemainingOf(s);

    private static (double Low, double High) Interval(double worked, double remaining, double variance, int profiles)
    {
        if (profiles == 0)
            return (ColdLow, ColdHigh);
        var few = IntervalFewProfiles / profiles;
        var progress = worked / (worked + remaining);
        var half = IntervalBase + (IntervalSpread * Math.Sqrt(variance + (few * few))) + (IntervalEnd * Math.Pow(progress, IntervalEndPower));
        return (half, half);
    }

    /// <summary>Mean and variance of the votes' logarithms of remaining seconds, waits aside; leaves each stage's predicted wall in the views.</summary>
    private (double Mean, double Variance, int Profiles) Vote(double worked, ReadOnlySpan<RunProfile> history)
    {
        Span<double> weights = stackalloc double[MaxProfiles + 1];
        Span<double> logs = stackalloc double[MaxProfiles + 1];
        Span<int> nearest = stackalloc int[MaxProfiles];
        var profiles = Nearest(history, nearest);
        weights[0] = profiles > 0 ? ColdWeight : 1;
        logs[0] = Math.Log(Math.Max(ColdEstimate.Remaining(_views, worked, weights[0]), ShortestRemainingShare * worked));
        for (var i = 0; i < profiles; i++)
        {
            var (weight, remaining) = ProfileVote.Cast(_views, worked, history[nearest[i]]);
            weights[i + 1] = weight;
            logs[i + 1] = Math.Log(Math.Max(remaining, ShortestRemainingShare * worked));
        }

        var (sum, mean, variance) = (0.0, 0.0, 0.0);
        for (var i = 0; i <= profiles; i++)
        {
            sum += weights[i];
            mean += weights[i] * logs[i];
        }

        mean /= sum;
        for (var i = 0; i <= profiles; i++)
            variance += weights[i] * (logs[i] - mean) * (logs[i] - mean);
        _views.Scale(1 / sum);
        return (mean, variance / sum, profiles);
    }

    /// <summary>The profiles nearest in size, nearest first; of equally near ones the newer.</summary>
    private int Nearest(ReadOnlySpan<RunProfile> history, Span<int> nearest)
    {
        var count = 0;
        for (var i = 0; i < history.Length; i++)
        {
            var distance = Distance(history[i]);
            var at = count;
            while (at > 0 && distance < Distance(history[nearest[at - 1]]))
                at--;
            if (at == nearest.Length)
                continue;
            count = Math.Min(count + 1, nearest.Length);
            for (var k = count - 1; k > at; k--)
                nearest[k] = nearest[k - 1];
            nearest[at] = i;
        }

        return count;
    }

    private double Distance(RunProfile profile) => Math.Abs(Math.Log(profile.Tasks / _views.Total));
}
