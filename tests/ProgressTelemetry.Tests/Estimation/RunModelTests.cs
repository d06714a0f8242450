using ProgressTelemetry.Estimation;
using Xunit;

namespace ProgressTelemetry.Tests.Estimation;

/// <summary>How time is shared out, and what is expected when much is unknown.</summary>
public class RunModelTests
{
    private readonly RunModel _run = new();

    [Fact]
    public void WallAt_TasksOfTwoStagesAtOnce_SharedByNumberOfTasks()
    {
        var (a, b) = (_run.AddStage("a", 3), _run.AddStage("b", 1));
        for (var i = 0; i < 3; i++)
            _run.Start(a, 0);
        _run.Start(b, 0);
        Assert.Equal(7.5, _run.WallAt(a, 10));
        Assert.Equal(2.5, _run.WallAt(b, 10));
    }

    [Fact]
    public void WallAt_NothingRuns_IdleGoesToNextStageToStart()
    {
        var (a, b) = (_run.AddStage("a", 1), _run.AddStage("b", 1));
        _run.Start(a, 0);
        _run.Complete(a, 10, 0);
        _run.Start(b, 13);
        Assert.Equal(10, _run.WallAt(a, 14));
        Assert.Equal(4, _run.WallAt(b, 14));
        Assert.Equal(3, _run.IdleSeconds);
    }

    [Fact]
    public void WallAt_CountedStageBesideTimedOne_EachOpenStageIsOneUnit()
    {
        var (counted, timed) = (_run.AddStage("counted", 100), _run.AddStage("timed", 3));
        _run.Enter(counted, 0);
        _run.Enter(timed, 0);
        _run.Start(timed, 0);
        _run.Start(timed, 0);
        _run.Start(timed, 0);
        Assert.Equal(2.5, _run.WallAt(counted, 10));
        _run.Leave(counted, 10);
        Assert.Equal(2.5, _run.WallAt(counted, 20));
        Assert.Equal(17.5, _run.WallAt(timed, 20));
    }

    [Fact]
    public void Enter_TwiceAndLeftOnce_StillRuns()
    {
        var s = _run.AddStage("s", null);
        _run.Enter(s, 0);
        _run.Enter(s, 1);
        _run.Leave(s, 2);
        Assert.Equal(5, _run.WallAt(s, 5));
        _run.Leave(s, 6);
        _run.Leave(s, 7);
        Assert.Equal(6, _run.WallAt(s, 8));
    }

    [Fact]
    public void BeginWait_AloneInTheRun_TakesWaitNotWall()
    {
        var s = _run.AddStage("s", 10);
        _run.Enter(s, 0);
        _run.BeginWait(s, 10);
        _run.BeginWait(s, 20);
        _run.EndWait(s, 30);
        _run.EndWait(s, 40);
        Assert.Equal(20, _run.WallAt(s, 50));
        Assert.Equal(30, _run.WaitAt(s, 50));
        Assert.Equal(30, _run.Waited(50));
    }

    [Fact]
    public void BeginWait_AnotherStageRuns_RunDoesNotWait()
    {
        var (approve, copy) = (_run.AddStage("approve", 1), _run.AddStage("copy", 1));
        _run.Enter(approve, 0);
        _run.BeginWait(approve, 0);
        _run.Start(copy, 0);
        _run.Complete(copy, 10, 0);
        Assert.Equal(10, _run.WallAt(copy, 15));
        Assert.Equal(15, _run.WaitAt(approve, 15));
        Assert.Equal(5, _run.Waited(15));
    }

    [Fact]
    public void Events_ClockGoesBackwards_TimeStandsStill()
    {
        var s = _run.AddStage("s", 4);
        _run.Start(s, 100);
        _run.Complete(s, 50, 100);
        _run.Start(s, double.NaN);
        _run.Complete(s, double.NegativeInfinity, double.PositiveInfinity);
        Assert.Equal(100, _run.WallAt(s, 10));
        Assert.Equal(2, s.Done);
        Assert.Equal(0, s.Running);
    }

    [Fact]
    public void Complete_MoreThanExpected_RaisesExpected()
    {
        var s = _run.AddStage("s", 1);
        for (var i = 0; i < 3; i++)
            _run.Complete(s, i, i);
        Assert.Equal(3, s.Expected);
        _run.Expect(s, 2, 3);
        Assert.Equal(3, s.Expected);
    }

    [Fact]
    public void NextKnot_HundredTasks_AsksWhereTheCurveHasItsPoints()
    {
        var s = _run.AddStage("s", 100);
        _run.Enter(s, 0);
        foreach (var knot in new long[] { 1, 5, 10, 25, 50, 75, 90, 95, 99 })
        {
            Assert.Equal(knot, s.NextKnot);
            _run.Count(s, knot, knot, knot);
        }

        Assert.Equal(long.MaxValue, s.NextKnot);
        _run.Expect(s, 400, 100);
        Assert.Equal(100, s.NextKnot);
    }

    [Fact]
    public void ToProfile_TotalGrowsWithEveryTask_CurveIsThatOfTheWholeStage()
    {
        var s = _run.AddStage("s", 1);
        _run.Enter(s, 0);
        for (var i = 1; i <= 100; i++)
        {
            _run.Expect(s, i, i);
            _run.Count(s, i, i, i);
        }

        AssertSteady(_run.ToProfile(100, null).Stages[0]);
    }

    [Fact]
    public void ToProfile_TotalNeverKnown_CurveIsThatOfTheWholeStage()
    {
        var s = _run.AddStage("s", null);
        _run.Enter(s, 0);
        var calls = 0;
        for (var i = 1; i <= 100; i++)
        {
            if (i < s.NextKnot)
                continue;
            calls++;
            _run.Count(s, i, i, i);
        }

        _run.Count(s, 100, 100, 100);
        AssertSteady(_run.ToProfile(100, null).Stages[0]);
        Assert.InRange(calls, 9, 30);
    }

    [Fact]
    public void ToProfile_SkewedStage_CurveShowsIt()
    {
        var s = _run.AddStage("s", 4);
        var t = 0.0;
        foreach (var duration in new[] { 10.0, 20, 30, 40 })
        {
            _run.Start(s, t);
            _run.Complete(s, t + duration, t);
            t += duration;
        }

        var profile = _run.ToProfile(t, "v2");
        Assert.Equal("v2", profile.Version);
        var stage = Assert.Single(profile.Stages);
        Assert.Equal((100, 25, 40), (stage.WallSeconds, stage.MeanSeconds, stage.LongestSeconds));
        Assert.Equal([.1, .1, .1, .1, .3, .6, 1, 1, .6], stage.WallShares);
    }

    [Fact]
    public void Predict_SecondTime_AllocatesNothing()
    {
        var s = _run.AddStage("s", 10);
        _run.AddStage("t", 10);
        _run.Start(s, 0);
        RunProfile[] history = [_run.ToProfile(5, null)];
        Ask();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Ask();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Ask()
        {
            _run.Predict(5, history);
            _run.FindBottleneck(5, history);
            _run.SilenceLimit(history);
        }
    }

    private static void AssertSteady(StageProfile stage)
    {
        Assert.Equal(100, stage.Tasks);
        Assert.Equal([.01, .05, .1, .25, .5, .75, .9, .95, .99], stage.WallShares.Select(share => Math.Round(share, 6)));
    }
}
