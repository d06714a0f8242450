using ProgressTelemetry.Estimation;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.Tests.Estimation;

/// <summary>What a run's duration is put down to.</summary>
public class BottleneckTests
{
    private readonly RunModel _run = new();

    [Fact]
    public void FindBottleneck_NothingYet_IsNone()
    {
        _run.AddStage("s", 1);
        Assert.Equal(BottleneckKind.None, _run.FindBottleneck(0, []).Kind);
    }

    [Fact]
    public void FindBottleneck_ManyTasksAtOnceAgainstOneAlone_NamesTheWallNotTheSum()
    {
        var (wide, alone) = (_run.AddStage("wide", 20), _run.AddStage("alone", 1));
        for (var i = 0; i < 20; i++)
            _run.Start(wide, 0);
        for (var i = 0; i < 20; i++)
            _run.Complete(wide, 10, 0);
        _run.Start(alone, 10);
        _run.Complete(alone, 60, 10);
        var found = _run.FindBottleneck(60, []);
        Assert.Equal((BottleneckKind.Stage, "alone"), (found.Kind, found.Stage));
        Assert.Equal(50.0 / 60, found.Share, 6);
        Assert.Equal(50, found.Seconds, 6);
    }

    [Fact]
    public void FindBottleneck_StageStillToCome_IsKnownFromHistory()
    {
        var earlier = new RunModel();
        Two(earlier, 10, 100);
        var (first, _) = (_run.AddStage("first", 1), _run.AddStage("second", 1));
        _run.Start(first, 0);
        _run.Complete(first, 10, 0);
        var found = _run.FindBottleneck(10, [earlier.ToProfile(110, null)]);
        Assert.Equal("second", found.Stage);
        Assert.Equal(100.0 / 110, found.Share, 6);
        Assert.Equal(100, found.Seconds, 6);
    }

    [Fact]
    public void FindBottleneck_EachStartHasALittleLatency_NamesTheStage()
    {
        PlayLate(tasks: 100, latency: 2, seconds: 1);
        var found = _run.FindBottleneck(300, []);
        Assert.Equal((BottleneckKind.Stage, "s"), (found.Kind, found.Stage));
    }

    [Fact]
    public void FindBottleneck_EachStartIsAMinuteLateInALongRun_IsDispatch()
    {
        PlayLate(tasks: 100, latency: 60, seconds: 10);
        Assert.Equal(BottleneckKind.Dispatch, _run.FindBottleneck(7000, []).Kind);
        Assert.Equal(BottleneckKind.Dispatch, _run.FindBottleneck(7000, [], isOver: true).Kind);
    }

    [Fact]
    public void FindBottleneck_NothingRunsMostOfTheTime_IsDispatch()
    {
        var s = _run.AddStage("s", 3);
        for (var t = 0; t < 30; t += 10)
        {
            _run.Start(s, t + 8);
            _run.Complete(s, t + 10, t + 8);
        }

        var found = _run.FindBottleneck(30, []);
        Assert.Equal((BottleneckKind.Dispatch, null), (found.Kind, found.Stage));
        Assert.Equal(24, found.Seconds, 6);
        Assert.Equal(.8, found.Share, 6);
    }

    [Fact]
    public void FindBottleneck_LongDeclaredWait_IsWaiting()
    {
        var s = _run.AddStage("s", 2);
        _run.Enter(s, 0);
        _run.Count(s, 1, 10, 10);
        _run.BeginWait(s, 10);
        _run.EndWait(s, 90);
        _run.Count(s, 2, 100, 100);
        var found = _run.FindBottleneck(100, []);
        Assert.Equal(BottleneckKind.Waiting, found.Kind);
        Assert.Equal(.8, found.Share, 6);
    }

    [Fact]
    public void FindBottleneck_StageThatOnlyTheEarlierRunHad_IsNamedWhenTheRunHasNoPlan()
    {
        var earlier = new RunModel();
        Two(earlier, 10, 100);
        _run.Start(_run.AddStage("first", 1), 0);
        Assert.Equal("second", _run.FindBottleneck(5, [earlier.ToProfile(110, null)]).Stage);
    }

    [Fact]
    public void FindBottleneck_SlowLaunchInARunThatEarlierWentOnWithout_IsNotDispatch()
    {
        var earlier = new RunModel();
        Two(earlier, 10, 100);
        var (first, _) = (_run.AddStage("first", 1), _run.AddStage("second", 1));
        _run.Start(first, 8);
        _run.Complete(first, 14, 8);
        Assert.Equal(BottleneckKind.Dispatch, _run.FindBottleneck(14, []).Kind);
        Assert.Equal("second", _run.FindBottleneck(14, [earlier.ToProfile(110, null)]).Stage);
    }

    /// <summary>Ten timed tasks, two of them cut off by the end, and a stage that was merely counted are eleven starts: 29 s late each is the stages' matter, 31 s the dispatch's.</summary>
    [Theory]
    [InlineData(320, BottleneckKind.Stage)]
    [InlineData(340, BottleneckKind.Dispatch)]
    public void FindBottleneck_OfARunThatIsOver_CountsItsStarts(double idle, BottleneckKind expected)
    {
        var (counted, timed) = (_run.AddStage("counted", 1), _run.AddStage("timed", 10));
        _run.Enter(counted, 0);
        _run.Count(counted, 1, 10, 10);
        _run.Leave(counted, 10);
        for (var i = 0; i < 10; i++)
            _run.Start(timed, 10 + idle);
        for (var i = 0; i < 8; i++)
            _run.Complete(timed, 500, 10 + idle);
        Assert.Equal(expected, _run.FindBottleneck(600, [], isOver: true).Kind);
    }

    [Fact]
    public void FindBottleneck_StageWhoseTasksAreCounted_StartsOnce()
    {
        var s = _run.AddStage("s", 200);
        _run.Enter(s, 340);
        _run.Count(s, 100, 600, 600);
        Assert.Equal(BottleneckKind.Dispatch, _run.FindBottleneck(600, []).Kind);
    }

    [Fact]
    public void FindBottleneck_OneLateStartOfALongRun_IsNotDispatch()
    {
        var s = _run.AddStage("s", 1);
        _run.Complete(s, 1000, _run.Start(s, 100));
        Assert.Equal("s", _run.FindBottleneck(1000, [], isOver: true).Stage);
        Assert.Equal("s", _run.FindBottleneck(1000, []).Stage);
    }

    [Fact]
    public void FindBottleneck_RunWithAWait_SharesAreOfAllItsTime()
    {
        var s = _run.AddStage("s", 2);
        _run.Complete(s, 300, _run.Start(s, 0));
        _run.BeginWait(s, 300);
        _run.EndWait(s, 400);
        var stage = _run.FindBottleneck(400, [], isOver: true);
        Assert.Equal(("s", 300, .75), (stage.Stage, stage.Seconds, stage.Share));

        _run.Leave(s, 400);
        var late = _run.AddStage("late", 1);
        _run.Start(late, 1400);
        var dispatch = _run.FindBottleneck(1500, [], isOver: true);
        Assert.Equal((BottleneckKind.Dispatch, 1000), (dispatch.Kind, dispatch.Seconds));
        Assert.Equal(1000 / 1500.0, dispatch.Share, 9);
    }

    [Fact]
    public void FindBottleneck_TwoStagesAlike_NamesTheFirst()
    {
        var (first, second) = (_run.AddStage("first", 2), _run.AddStage("second", 2));
        foreach (var s in new[] { first, second })
            _run.Start(s, 0);
        foreach (var s in new[] { first, second })
            _run.Complete(s, 10, 0);
        Assert.Equal("first", _run.FindBottleneck(10, []).Stage);
    }

    /// <summary>What a run's total leaves over has no name, however much it is.</summary>
    [Fact]
    public void FindBottleneck_MostIsInNoStageYet_NamesTheLargestThatIsKnown()
    {
        var s = _run.AddStage("s", 2);
        _run.ExpectTotal(100);
        _run.Complete(s, 10, _run.Start(s, 0));
        Assert.Equal((BottleneckKind.Stage, "s"), (_run.FindBottleneck(10, []).Kind, _run.FindBottleneck(10, []).Stage));
    }

    /// <summary>Of two earlier runs one had nothing running half of its working time, the other only waited.</summary>
    [Fact]
    public void FindBottleneck_WithHistory_ExpectsIdleTimeAsThereWas()
    {
        var s = _run.AddStage("s", 2);
        _run.Complete(s, 100, _run.Start(s, 95));
        var found = _run.FindBottleneck(100, [Earlier(200, 100, 50), Earlier(100, 100, 50)]);
        Assert.Equal(BottleneckKind.Dispatch, found.Kind);
        Assert.Equal(95 + (.25 * _run.RemainingWall(s)), found.Seconds, 9);

        static RunProfile Earlier(double duration, double waited, double idle) => new()
        {
            Tasks = 2,
            DurationSeconds = duration,
            WaitSeconds = waited,
            IdleSeconds = idle,
            Stages = [new StageProfile { Name = "s", Tasks = 2, MeanSeconds = 5, WallSeconds = 10, WallShares = [.5, .5, .5, .5, .5, 1, 1, 1, .5] }],
        };
    }

    [RealPartFact("shared/eta")]
    public void FindBottleneck_RecordedTracesAtTheEnd_NamesTheLargestWall() =>
        Assert.All(Directory.GetFiles(Path.Combine(RealParts.SharedFolder, "eta", "traces"), "*.csv"), path =>
        {
            var trace = Trace.Read(path);
            var run = trace.Replay();
            Assert.Equal(run.Stages.MaxBy(s => run.WallAt(s, trace.Duration))!.Name, run.FindBottleneck(trace.Duration, []).Stage);
        });

    /// <summary>Tasks one after the other, each started that late.</summary>
    private void PlayLate(int tasks, double latency, double seconds)
    {
        var (s, t) = (_run.AddStage("s", tasks), 0.0);
        for (var i = 0; i < tasks; i++)
        {
            var started = _run.Start(s, t + latency);
            _run.Complete(s, t += latency + seconds, started);
        }
    }

    private static void Two(RunModel run, double first, double second)
    {
        var (a, b) = (run.AddStage("first", 1), run.AddStage("second", 1));
        run.Start(a, 0);
        run.Complete(a, first, 0);
        run.Start(b, first);
        run.Complete(b, first + second, first);
    }
}
