using ProgressTelemetry.Estimation;
using Xunit;

namespace ProgressTelemetry.Tests.Estimation;

/// <summary>When there is a prediction at all, and what it makes of the unknown.</summary>
public class PredictTests
{
    private readonly RunModel _run = new();

    [Fact]
    public void Predict_NothingBegunAndNoHistory_IsAbsent()
    {
        _run.AddStage("s", 10);
        Assert.Null(_run.Predict(0, []));
        Assert.Null(_run.Predict(5, []));
    }

    [Fact]
    public void Predict_NumberOfTasksUnknown_IsAbsent()
    {
        var s = _run.AddStage("s", null);
        _run.Enter(s, 0);
        Assert.Null(_run.Predict(10, []));
        _run.Count(s, 7, 10, 10);
        Assert.Null(_run.Predict(10, []));
        _run.Expect(s, 14, 10);
        Assert.NotNull(_run.Predict(10, []));
    }

    [Fact]
    public void Predict_CountedTasksAtSteadyPace_FindsTheEnd()
    {
        var s = _run.AddStage("s", 100);
        _run.Enter(s, 0);
        _run.Count(s, 40, 40, 40);
        var estimate = _run.Predict(40, [])!.Value;
        Assert.InRange(estimate.Expected, 95, 105);
        Assert.Equal(0, estimate.Profiles);
    }

    [Fact]
    public void Predict_TotalOnly_SameAsOneStageOfThatSize()
    {
        var single = new RunModel();
        var one = single.AddStage("all", 100);
        single.Enter(one, 0);
        single.Count(one, 40, 40, 40);

        _run.ExpectTotal(100);
        var undeclared = _run.AddStage("all", null);
        _run.Enter(undeclared, 0);
        _run.Count(undeclared, 40, 40, 40);
        Assert.Equal(single.Predict(40, []), _run.Predict(40, []));
    }

    [Fact]
    public void Predict_TotalOnlyThroughSeveralStages_FindsTheEnd()
    {
        _run.ExpectTotal(100);
        var first = _run.AddStage("first", null);
        _run.Enter(first, 0);
        _run.Count(first, 30, 30, 30);
        _run.Leave(first, 30);
        var second = _run.AddStage("second", null);
        _run.Enter(second, 30);
        _run.Count(second, 20, 50, 50);
        Assert.InRange(_run.Predict(50, [])!.Value.Expected, 90, 110);
    }

    [Fact]
    public void Predict_PlannedStagesWithoutTasks_EachStageIsOneTask()
    {
        var stages = Enumerable.Range(0, 4).Select(i => _run.AddStage($"s{i}", null)).ToList();
        for (var i = 0; i < 2; i++)
        {
            _run.Enter(stages[i], 10 * i);
            _run.Leave(stages[i], 10 * (i + 1));
        }

        _run.Enter(stages[2], 20);
        Assert.InRange(_run.Predict(25, [])!.Value.Expected, 35, 45);
    }

    [Fact]
    public void Predict_UnplannedRunWithHistory_ExpectsTheStagesThatTheEarlierRunHad()
    {
        var earlier = SequenceOfTen(new RunModel(), "a", "b", "c", "d");
        _run.Enter(_run.AddStage("a", null), 0);
        Assert.InRange(_run.Predict(5, [earlier])!.Value.Expected, 35, 45);
    }

    [Fact]
    public void Predict_PlanWithoutAStageOfTheEarlierRun_DoesNotExpectIt()
    {
        var earlier = SequenceOfTen(new RunModel(), "a", "b", "c", "d");
        var a = _run.AddStage("a", null);
        _run.AddStage("b", null);
        _run.Enter(a, 0);
        Assert.InRange(_run.Predict(5, [earlier])!.Value.Expected, 10, 30);
    }

    [Fact]
    public void Predict_CountedStageOfUnknownSizeWithHistory_TakesItsSizeFromThere()
    {
        var earlier = new RunModel();
        CountSteadily(earlier, earlier.AddStage("s", 100), 100);
        var s = _run.AddStage("s", null);
        CountSteadily(_run, s, 50);
        Assert.InRange(_run.Predict(50, [earlier.ToProfile(100, null)])!.Value.Expected, 95, 105);
    }

    [Fact]
    public void Predict_StageGoesBack_EndMovesAway()
    {
        var s = _run.AddStage("s", 100);
        CountSteadily(_run, s, 90);
        var before = _run.Predict(90, [])!.Value.Expected;
        _run.Expect(s, 200, 90);
        Assert.True(_run.Predict(90, [])!.Value.Expected > before + 50);
    }

    [Fact]
    public void Predict_AllDoneButNotEnded_IsNeverStuckAtNothingLeft()
    {
        var s = _run.AddStage("s", 10);
        CountSteadily(_run, s, 10);
        Assert.Equal(130, _run.Predict(70, [])!.Value.Expected, 6);
    }

    [Fact]
    public void Predict_StageLeftAsFinishedBeforeAllItsTasks_ExpectsThemNoMore()
    {
        var (a, b) = (_run.AddStage("a", 100), _run.AddStage("b", 10));
        CountSteadily(_run, a, 10);
        _run.Leave(a, 10);
        _run.Enter(b, 10);
        _run.Count(b, 5, 15, 15);
        Assert.InRange(_run.Predict(15, [])!.Value.Expected, 17, 25);
    }

    [Fact]
    public void Predict_WaitKnownFromHistory_IsAddedUntilItWasWaited()
    {
        var history = new[] { WithWait(new RunModel(), wait: 60) };
        var (work, approve) = (_run.AddStage("work", 10), _run.AddStage("approve", 1));
        CountSteadily(_run, work, 5);
        var before = _run.Predict(5, history)!.Value;
        Assert.InRange(before.Expected, 65, 80);

        _run.Count(work, 10, 10, 10);
        _run.Leave(work, 10);
        _run.Enter(approve, 10);
        _run.BeginWait(approve, 10);
        Assert.InRange(_run.Predict(40, history)!.Value.Expected, 68, 85);
        _run.EndWait(approve, 70);
        Assert.InRange(_run.Predict(70.5, history)!.Value.Expected, 70.5, 85);
    }

    [Fact]
    public void Predict_WaitLongerThanKnown_IsTakenToBeHalfWay()
    {
        var (work, approve) = (_run.AddStage("work", 10), _run.AddStage("approve", 1));
        CountSteadily(_run, work, 10);
        _run.Leave(work, 10);
        _run.Enter(approve, 10);
        _run.BeginWait(approve, 10);
        var estimate = _run.Predict(110, [])!.Value;
        Assert.InRange(estimate.Expected, 210, 225);
        Assert.InRange(estimate.Low, 110, 125);
        Assert.True(estimate.High > 300);
    }

    [Fact]
    public void Predict_MoreThanFiveProfiles_TakesTheNewest()
    {
        var newest = Enumerable.Repeat(SequenceOfTen(new RunModel(), "a", "b", "c", "d"), EstimatorConstants.MaxProfiles).ToArray();
        var older = new RunModel();
        CountSteadily(older, older.AddStage("a", 1), 1);
        foreach (var name in new[] { "a", "b", "c", "d" })
            _run.AddStage(name, 1);
        _run.Start(_run.Stages[0], 0);
        var without = _run.Predict(5, newest);
        Assert.Equal(without, _run.Predict(5, [.. newest, older.ToProfile(1, null)]));
        Assert.Equal(EstimatorConstants.MaxProfiles, without!.Value.Profiles);
    }

    private static RunProfile SequenceOfTen(RunModel run, params string[] names)
    {
        var t = 0;
        foreach (var name in names)
        {
            var s = run.AddStage(name, null);
            run.Enter(s, t);
            run.Leave(s, t += 10);
        }

        return run.ToProfile(t, null);
    }

    private static RunProfile WithWait(RunModel run, double wait)
    {
        var (work, approve) = (run.AddStage("work", 10), run.AddStage("approve", 1));
        CountSteadily(run, work, 10);
        run.Leave(work, 10);
        run.Enter(approve, 10);
        run.BeginWait(approve, 10);
        run.EndWait(approve, 10 + wait);
        run.Leave(approve, 11 + wait);
        return run.ToProfile(11 + wait, null);
    }

    /// <summary>One task a second from 0 on.</summary>
    private static void CountSteadily(RunModel run, StageModel s, int tasks)
    {
        run.Enter(s, 0);
        for (var i = 1; i <= tasks; i++)
            run.Count(s, i, i, i);
    }
}
