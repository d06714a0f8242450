using static ProgressTelemetry.Estimation.EstimatorConstants;

namespace ProgressTelemetry.Estimation;

/// <summary>
/// Predicts a run's end: a weighted geometric mean of one estimate from the run alone and one per earlier run, weighted by how alike the runs
/// are in size, stages and pace. The interval comes from the votes' spread. Keeps its working memory; as little thread-safe as the run.
/// </summary>
internal sealed class Forecast(RunModel run)
{
    private readonly StageViews _views = new(run);

    public Estimate? Predict(double t, ReadOnlySpan<RunProfile> history)
    {
        var worked = t - run.Waited(t);
        if (worked <= 0 || (!run.HasBegun && history.IsEmpty) || !_views.Read(t, history))
            return null;
        var (mean, variance, profiles) = Vote(worked, history);
        var remaining = Math.Max(Math.Exp(mean), _views.AllDone ? run.SilenceAt(t) : 0);
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

    public Bottleneck FindBottleneck(double t, ReadOnlySpan<RunProfile> history)
    {
        var worked = t - run.Waited(t);
        var predicted = worked > 0 && run.HasBegun && _views.Read(t, history);
        if (predicted)
            Vote(worked, history);
        StageModel? stage = null;
        var (largest, sum) = (0.0, 0.0);
        foreach (var s in run.Stages)
        {
            var wall = run.WallAt(s, t) + (predicted ? _views.RemainingOf(s) : 0);
            sum += wall;
            if (wall > largest)
                (stage, largest) = (s, wall);
        }

        var waiting = run.Waited(t) + (predicted ? RemainingWaits.Of(run, t, _views, history).Expected : 0);
        sum += waiting;
        var idle = run.IdleAt(t);
        if (waiting > largest)
            return new Bottleneck(BottleneckKind.Waiting, null, waiting / sum, waiting);
        if (idle > worked - idle)
            return new Bottleneck(BottleneckKind.Dispatch, null, Math.Min(1, idle / Math.Max(sum, idle)), idle);
        return stage is null
            ? default
            : new Bottleneck(BottleneckKind.Stage, stage.Name, largest / sum, largest);
    }

    public double RemainingWall(StageModel s) => _views.RemainingOf(s);

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
