using ProgressTelemetry.Estimation;
using Xunit;

namespace ProgressTelemetry.Tests.Estimation;

/// <summary>An interval says what is not known: it is never of no width while work is open.</summary>
public class EstimateIntervalTests
{
    private readonly RunModel _run = new();

    [Fact]
    public void Predict_MoreDoneThanExpectedAndTheStageOpen_HasWidth()
    {
        var s = _run.AddStage("s", 10);
        _run.Enter(s, 0);
        for (var i = 1; i <= 15; i++)
        {
            _run.Count(s, i, i, i);
            var estimate = _run.Predict(i, [])!.Value;
            Assert.True(estimate.High >= i + 1, $"{estimate} at {i}: the next task takes a second");
        }
    }

    [Fact]
    public void Predict_AllDoneForLong_MayLastAsLongAgainAndTwice()
    {
        var s = _run.AddStage("s", 10);
        _run.Enter(s, 0);
        _run.Count(s, 10, 10, 10);
        var estimate = _run.Predict(70, [])!.Value;
        Assert.Equal((70, 130, 190), (Math.Round(estimate.Low), Math.Round(estimate.Expected), Math.Round(estimate.High)));
    }

    [Fact]
    public void Predict_FractionOfOneAndTheStageOpen_HasWidth()
    {
        var s = _run.AddStage("s", 1);
        _run.Enter(s, 0);
        s.SetPartialWork(1);
        var estimate = _run.Predict(100, [])!.Value;
        Assert.True(estimate.High > estimate.Low + 1, estimate.ToString());
    }

    [Fact]
    public void Predict_NoneOfTenCountedTasksEnded_HoldsTheTruthOfOneAfterTheOther()
    {
        var s = _run.AddStage("s", 10);
        _run.Enter(s, 0);
        for (var t = 30; t < 240; t += 30)
        {
            var estimate = _run.Predict(t, [])!.Value;
            Assert.InRange(2400, estimate.Low, estimate.High);
            Assert.True(estimate.Low < t * 1.2, "all of them may be about to end");
        }
    }

    [Fact]
    public void Predict_OneTaskRunsOnBesideEightShortOnes_IntervalGrowsWithItsAge()
    {
        var s = _run.AddStage("s", 9);
        for (var i = 0; i < 9; i++)
            _run.Start(s, 0);
        for (var i = 0; i < 8; i++)
            _run.Complete(s, 10, 0);
        var high = 0.0;
        foreach (var t in new double[] { 70, 130, 190, 250, 310 })
        {
            var width = _run.Predict(t, [])!.Value.High - t;
            Assert.True(width > high);
            high = width;
        }

        Assert.True(high >= 250, $"{high}: what has run for 300 s where 10 s were usual may well run as long again");
    }

    [Fact]
    public void Predict_FirstTaskOfAStageFarOlderThanEarlierRunsKnew_IntervalGrowsWithItsAge()
    {
        var earlier = new RunModel();
        earlier.Complete(earlier.AddStage("s", 1), 10, earlier.Start(earlier.Stages[0], 0));
        RunProfile[] history = [earlier.ToProfile(10, null)];
        _run.Start(_run.AddStage("s", 1), 0);
        Assert.True(_run.Predict(600, history)!.Value.High >= 600 + (600 - 30));
    }

    [Fact]
    public void Predict_FractionsNoLongerReported_IntervalGrowsWithTheSilence()
    {
        var s = _run.AddStage("s", 1);
        _run.Enter(s, 0);
        s.SetPartialWork(.99);
        Assert.True(_run.Predict(1000, [])!.Value.High >= 1000 + _run.SilenceAt(1000));
    }

    [Theory]
    [InlineData(1e-6)]
    [InlineData(.001)]
    [InlineData(1)]
    public void Predict_FirstMoments_HasWidth(double t)
    {
        var (timed, counted) = (_run.AddStage("timed", 3), _run.AddStage("counted", 3));
        _run.Start(timed, 0);
        _run.Enter(counted, 0);
        var estimate = _run.Predict(t, [])!.Value;
        Assert.True(estimate.High - estimate.Low > t, estimate.ToString());
    }
}
