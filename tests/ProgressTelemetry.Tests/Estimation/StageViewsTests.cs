using ProgressTelemetry.Estimation;
using Xunit;

namespace ProgressTelemetry.Tests.Estimation;

/// <summary>What counts as work and as pace: reported fractions are parts of tasks, skipped tasks are none.</summary>
public class StageViewsTests
{
    private readonly RunModel _run = new();

    [Fact]
    public void Read_ReportedFraction_IsThatPartOfATask()
    {
        var s = Counted("s", 4, done: 1, at: 10);
        s.SetPartialWork(.5);
        var view = Read(15);
        Assert.Equal((4, 1, .5, 1.5), (view.Expected, view.Done, view.Partial, view.Progress));
        Assert.Equal(10, view.Mean, 9);
        Assert.True(view.IsPaced);
        Assert.False(view.IsDone);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(7.0)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NaN)]
    [InlineData(-1.0)]
    public void Read_FractionOfAnySize_LeavesTheStageUndone(double fraction)
    {
        var s = Counted("s", 2, done: 1, at: 10);
        s.SetPartialWork(fraction);
        var view = Read(15);
        Assert.InRange(view.Progress, 1, 2);
        Assert.True(view.Progress < view.Expected);
        Assert.False(view.IsDone);
    }

    [Fact]
    public void Read_SkippedTasks_AreNeitherToDoNorDone()
    {
        var s = Counted("s", 100, done: 0, at: 0);
        s.SetSkipped(90);
        var before = Read(5);
        Assert.Equal((10, 0), (before.Expected, before.Done));
        Assert.False(before.IsPaced);

        _run.Count(s, 1, 10, 10);
        var after = Read(10);
        Assert.Equal((10, 1, 10), (after.Expected, after.Done, after.Mean));
    }

    [Fact]
    public void Read_StageSkippedAsAWhole_WeighsNothing()
    {
        var (skipped, s) = (_run.AddStage("skipped", 50), Counted("s", 10, done: 5, at: 5));
        skipped.SetSkipped(50);
        var views = new StageViews(_run.Model);
        Assert.True(views.Read(5, []));
        Assert.Equal((0, true), (views.All[0].Expected, views.All[0].IsDone));
        Assert.Equal(10, views.Total);
        Assert.Equal(10, _run.Predict(5, [])!.Value.Expected, 6);
        Assert.Equal("s", _run.FindBottleneck(5, []).Stage);
    }

    [Fact]
    public void Predict_AllSkippedWithAndWithoutHistory_IsSound()
    {
        var s = Counted("s", 10, done: 0, at: 0);
        s.SetSkipped(10);
        foreach (var history in new RunProfile[][] { [], [Steady(10)] })
        {
            var estimate = _run.Predict(1, history)!.Value;
            Assert.InRange(estimate.Expected, 1, 3);
            Assert.True(estimate.High > estimate.Low);
        }
    }

    [Fact]
    public void Read_FractionInAStageWithoutANumber_MakesItOneTask()
    {
        var s = _run.AddStage("s", null);
        _run.Enter(s, 0);
        Assert.Null(_run.Predict(5, []));
        s.SetPartialWork(.25);
        Assert.Equal((1, .25), (Read(5).Expected, Read(5).Partial));
        Assert.Equal(20, _run.Predict(5, [])!.Value.Expected, 6);
    }

    [Fact]
    public void Predict_FractionReportedSteadilyAlone_IsTheTruthAllAlong()
    {
        var s = _run.AddStage("s", 1);
        _run.Enter(s, 0);
        for (var t = 1; t < 100; t++)
        {
            s.SetPartialWork(t / 100.0);
            Assert.Equal(100, _run.Predict(t, [])!.Value.Expected, 6);
        }
    }

    /// <summary>Where earlier runs were of another pace, the forecast first has to learn that: then it may rise before it is right.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(true, 100.0)]
    [InlineData(true, 100.0, 100.0, 100.0)]
    [InlineData(false, 60.0, 150.0)]
    [InlineData(false, 70.0)]
    [InlineData(false, 150.0)]
    public void Predict_FractionReportedSteadilyAfterAStage_NeverRisesAndFindsTheEnd(bool isOfThatPace, params double[] earlier)
    {
        RunProfile[] history = [.. earlier.Select(index => LoadAndIndex(new RunModel(), index))];
        var (load, last) = (_run.AddStage("load", 4), _run.AddStage("index", 1));
        Play(_run, load, 0, 4, 2);
        _run.Enter(last, 8);
        var before = double.MaxValue;
        for (var t = 1; t < 100; t++)
        {
            last.SetPartialWork(t / 100.0);
            var remaining = _run.Predict(8 + t, history)!.Value.Expected - 8 - t;
            Assert.True(remaining <= before || !isOfThatPace, $"{remaining} after {before} at {t} %");
            if (t >= 10)
                Assert.InRange(remaining, (100 - t) * (t < 50 ? .75 : .9), (100 - t) * (t < 50 ? 1.25 : 1.1));
            before = remaining;
        }
    }

    [Fact]
    public void Predict_TimedTasksReportFractions_AreNotTakenToBeHalfWay()
    {
        var s = _run.AddStage("s", 2);
        _run.Start(s, 0);
        _run.Start(s, 0);
        s.SetPartialWork(.2);
        Assert.Equal(100, _run.Predict(10, [])!.Value.Expected, 6);
    }

    [Fact]
    public void Predict_ResumedRun_TakesThePaceOfWhatItWorked()
    {
        var s = Counted("s", 100, done: 0, at: 0);
        s.SetSkipped(90);
        for (var i = 1; i <= 9; i++)
        {
            _run.Count(s, i, 10 * i, 10 * i);
            Assert.InRange(_run.Predict(10 * i, [])!.Value.Expected, 99, 101);
            Assert.InRange(_run.Predict(10 * i, [Steady(1000)])!.Value.Expected, 75, 125);
        }
    }

    [Fact]
    public void ToProfile_ResumedRun_IsOfTheWorkedTasks()
    {
        var s = Counted("s", 100, done: 0, at: 0);
        s.SetSkipped(90);
        for (var i = 1; i <= 10; i++)
            _run.Count(s, i, 10 * i, 10 * i);
        var profile = _run.ToProfile(100, null);
        Assert.Equal((100, 10, false), (profile.Tasks, profile.WorkedTasks!.Value, profile.Teaches));
        Assert.Equal((100, 10, 10), (profile.Stages[0].Tasks, profile.Stages[0].WorkedTasks!.Value, profile.Stages[0].MeanSeconds));
        Assert.True(profile.IsValid);
    }

    private StageView Read(double t)
    {
        var views = new StageViews(_run.Model);
        Assert.True(views.Read(t, []));
        return views.All[0];
    }

    private StageModel Counted(string name, long tasks, int done, double at)
    {
        var s = _run.AddStage(name, tasks);
        _run.Enter(s, 0);
        _run.Count(s, done, at, at);
        return s;
    }

    /// <summary>A stage "s" of 100 counted tasks that took that many seconds.</summary>
    private static RunProfile Steady(double seconds)
    {
        var run = new RunModel();
        Play(run, run.AddStage("s", 100), 0, 100, seconds / 100);
        return run.ToProfile(seconds, null);
    }

    private static RunProfile LoadAndIndex(RunModel run, double index)
    {
        var (load, last) = (run.AddStage("load", 4), run.AddStage("index", 1));
        Play(run, load, 0, 4, 2);
        Play(run, last, 8, 1, index);
        return run.ToProfile(8 + index, null);
    }

    private static void Play(RunModel run, StageModel s, double from, int tasks, double seconds)
    {
        run.Enter(s, from);
        for (var i = 1; i <= tasks; i++)
            run.Count(s, i, from + (i * seconds), from + (i * seconds));
        run.Leave(s, from + (tasks * seconds));
    }
}
