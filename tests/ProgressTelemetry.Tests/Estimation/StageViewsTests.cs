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

    /// <summary>A stage whose tasks were counted before one of them was timed: what was counted tells the pace until a timed one has ended.</summary>
    [Fact]
    public void Read_TimedTaskAfterCountedOnes_HasTheirPaceUntilItEnds()
    {
        var s = Counted("s", 10, done: 4, at: 20);
        var started = _run.Start(s, 22);
        Assert.Equal((5, 1, 6), (Read(28).Mean, Read(28).Running, Read(28).Age));
        _run.Complete(s, 30, started);
        Assert.Equal((8, 0, 0), (Read(30).Mean, Read(30).Running, Read(30).Age));
    }

    [Fact]
    public void Read_TimedTaskThatReportsAPart_HasThePaceOfThatPart()
    {
        var s = _run.AddStage("s", 2);
        _run.Start(s, 0);
        Assert.Equal(0, Read(10).Mean);
        s.SetPartialWork(.25);
        Assert.Equal(40, Read(10).Mean, 9);
    }

    [Fact]
    public void Read_CountedStage_HasThePaceOfWhatWasTold()
    {
        var s = _run.AddStage("s", 10);
        _run.Enter(s, 0);
        Assert.Equal((30, false, 0, Math.Sqrt(10)), (Read(30).Mean, Read(30).IsPaced, Read(30).Longest, Read(30).Running));
        _run.Count(s, 4, 40, 40);
        Assert.Equal((10, true, 10, 20), (Read(60).Mean, Read(60).IsPaced, Read(60).Longest, Read(60).Age));

        // A part of the fifth task, ten seconds later: 50 s for 4.5 tasks.
        s.SetPartialWork(.5);
        Assert.Equal(50 / 4.5, Read(50).Mean, 9);
    }

    [Fact]
    public void Read_CountedTasksAfterAReportedFraction_AreTheSameFactToldTwice()
    {
        var s = _run.AddStage("s", 10);
        _run.Enter(s, 0);
        _run.Report(s, .25, 6);
        _run.Count(s, 3, 9, 9);
        Assert.Equal((3, 3, 3), (Read(9).Done, Read(9).Progress, Read(9).Mean));
    }

    [Fact]
    public void Read_StageThatWasLeftAsFinished_RunsNothingAndIsDone()
    {
        var s = Counted("s", 10, done: 6, at: 12);
        _run.Skip(s, 1, 13);
        _run.Leave(s, 20);
        var view = Read(20);
        Assert.Equal((0, true, view.Expected), (view.Running, view.IsDone, view.Done));
    }

    /// <summary>The run's total is 100; what the stages that declared a number leave goes to those that are open and did not, in equal parts.</summary>
    [Fact]
    public void Read_TotalOfTheRun_FillsOpenStagesWithoutANumber()
    {
        _run.AddStage("declared", 40);
        foreach (var name in new[] { "a", "b" })
        {
            var s = _run.AddStage(name, null);
            _run.Enter(s, 0);
            _run.Count(s, 5, 1, 1);
        }

        _run.ExpectTotal(100);
        var views = ReadAll(2);
        Assert.Equal([40, 30, 30], views.Select(view => view.Expected));
        Assert.Equal(100, views.Sum(view => view.Expected));
    }

    [Theory]
    [InlineData(100, 60)]
    [InlineData(40, 0)]
    [InlineData(30, 0)]
    public void Read_TotalThatNoOpenStageFills_IsWorkToCome(long total, double rest)
    {
        Counted("s", 40, done: 10, at: 10);
        _run.ExpectTotal(total);
        var views = ReadAll(10);
        Assert.Equal(rest > 0 ? ["s", ""] : ["s"], views.Select(view => view.Name));
        Assert.Equal(rest, views.Where(view => view.Name.Length == 0).Sum(view => view.Expected));
        Assert.All(views, (view, i) => Assert.Equal(view.Name.Length == 0 ? -1 : i, view.Index));
    }

    [Fact]
    public void Read_NothingKnown_SaysSo()
    {
        _run.Enter(_run.AddStage("s", null), 0);
        Assert.False(new StageViews(new RunModel().Model).Read(1, []));
        Assert.False(new StageViews(new RunModel().Model).Read(1, []));
    }

    [Theory]
    [InlineData(0, 40.0 / 3, 0, 30)]
    [InlineData(12, (40.0 / 3) + 12, 0, 30 + 24)]
    public void RemainingWaits_OfThreeEarlierRuns_AreTheirMeanLeastAndMost(double openWait, double expected, double low, double high)
    {
        Counted("s", 4, done: 1, at: 10);
        var views = new StageViews(_run.Model);
        Assert.True(views.Read(10, []));
        var waits = RemainingWaits.Of(openWait, views, [Waited(30), Waited(0), Waited(10)]);
        Assert.Equal((expected, low, high), (waits.Expected, waits.Low, waits.High));
        Assert.Equal(default, RemainingWaits.Of(0, views, []));
        Assert.Equal(default, RemainingWaits.Of(0, views, [Waited(0)]));

        static RunProfile Waited(double seconds) => new()
        {
            Tasks = 4,
            DurationSeconds = 100,
            WaitSeconds = seconds,
            Stages = [new StageProfile { Name = "s", Tasks = 4, MeanSeconds = 5, WallSeconds = 20, WaitSeconds = seconds, WallShares = [.25, .25, .25, .25, .5, .75, 1, 1, .75] }],
        };
    }

    /// <summary>A wait that is open longer than earlier runs tell is half way; one that they tell of lasts as they tell.</summary>
    [Fact]
    public void FindBottleneck_InAWait_WeighsWhatIsStillToBeWaited()
    {
        var s = Counted("s", 4, done: 2, at: 20);
        _run.BeginWait(s, 20);
        var found = _run.FindBottleneck(50, []);
        Assert.Equal((BottleneckKind.Waiting, 60), (found.Kind, found.Seconds));
    }

    [Fact]
    public void ToProfile_OfStagesOfEveryKind_KeepsTheirPaceAndCurve()
    {
        var (counted, whole, timed, none) = (_run.AddStage("counted", 4), _run.AddStage("whole", null), _run.AddStage("timed", 2), _run.AddStage("none", 3));
        Play(_run, counted, 0, 4, 5);
        _run.Enter(whole, 20);
        _run.Leave(whole, 30);
        _run.Complete(timed, 37, _run.Start(timed, 30));
        _run.Complete(timed, 40, _run.Start(timed, 37));
        var profile = _run.ToProfile(40, "1");
        Assert.Equal([5, 10, 5, 0], profile.Stages.Select(stage => stage.MeanSeconds));
        Assert.Equal([4, 1, 2, 3], profile.Stages.Select(stage => stage.Tasks));
        Assert.Equal([0, 0, 7, 0], profile.Stages.Select(stage => stage.LongestSeconds));
        Assert.Equal([20, 10, 10, 0], profile.Stages.Select(stage => stage.WallSeconds));
        Assert.Equal([.25, .25, .25, .25, .5, .75, 1, 1, .75], profile.Stages[0].WallShares);
        Assert.All(profile.Stages[3].WallShares, share => Assert.Equal(1, share));
        Assert.Equal((10, 40, "1"), (profile.Tasks, profile.DurationSeconds, profile.Version));
    }

    private StageView[] ReadAll(double t)
    {
        var views = new StageViews(_run.Model);
        Assert.True(views.Read(t, []));
        return views.All.ToArray();
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
