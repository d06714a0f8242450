using ProgressTelemetry.Model;
using ProgressTelemetry.Estimation;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.Tests.Estimation;

/// <summary>The adaptive silence limit: quiet on clean runs, sure on a run that hangs.</summary>
public class SilenceTests
{
    private const double Day = 24 * 3600;

    private static string Recorded => Path.Combine(RealParts.SharedFolder, "eta", "traces");

    private static string Own => Path.Combine(RealParts.RepositoryRoot, "tests/ProgressTelemetry.Tests/Estimation/traces");

    [RealPartFact("shared/eta")]
    public void SilenceLimit_RecordedTracesWithoutHistory_BreachedByAtMostOne() =>
        Assert.InRange(Directory.GetFiles(Recorded, "*.csv").Count(path => IsBreached(Trace.Read(path), [])), 0, 1);

    [RealPartFact("shared/eta")]
    public void SilenceLimit_RecordedTracesWithTheirOwnHistory_BreachedByNone() =>
        Assert.DoesNotContain(Directory.GetFiles(Recorded, "*.csv"), path => IsBreached(Trace.Read(path), [Trace.Read(path).Profile()]));

    [Fact]
    public void SilenceLimit_OwnTraces_BreachedByNone() =>
        Assert.DoesNotContain(Directory.GetFiles(Own, "*.csv"), path => IsBreached(Trace.Read(path), []));

    [RealPartFact("shared/eta")]
    public void SilenceLimit_RecordedTraceFrozenInTheMiddle_Breached() =>
        Assert.All(Directory.GetFiles(Recorded, "*.csv"), path => AssertFrozenIsNoticed(Trace.Read(path)));

    [Fact]
    public void SilenceLimit_OwnTraceFrozenInTheMiddle_Breached() =>
        Assert.All(Directory.GetFiles(Own, "*.csv"), path => AssertFrozenIsNoticed(Trace.Read(path)));

    [Fact]
    public void SilenceLimit_QuickTasks_IsTheShortestLimit()
    {
        var run = new RunModel();
        var stage = run.AddStage("quick", 100);
        run.Start(stage, 0);
        run.Complete(stage, 0.1, 0);
        run.Start(stage, 0.1);
        Assert.Equal(SilenceConstants.ShortestLimit, run.SilenceLimit([]));
    }

    [Fact]
    public void SilenceLimit_FirstTaskOfAnUnseenStage_TakesItToBeLong()
    {
        var run = new RunModel();
        run.Start(run.AddStage("first", 3), 0);
        Assert.Equal(3 * SilenceConstants.UnseenTaskSeconds, run.SilenceLimit([]));
    }

    [Fact]
    public void SilenceLimit_StageKnownFromEarlierRun_IsTwiceItsLongestTask()
    {
        var earlier = new RunModel();
        var work = earlier.AddStage("work", 2);
        earlier.Start(work, 0);
        earlier.Complete(work, 100, 0);
        earlier.Start(work, 100);
        earlier.Complete(work, 150, 100);

        var run = new RunModel();
        run.Start(run.AddStage("work", 2), 0);
        Assert.Equal(2 * 100, run.SilenceLimit([earlier.ToProfile(150, null)]));
    }

    [Fact]
    public void SilenceAt_DeclaredWait_DoesNotCount()
    {
        var run = new RunModel();
        var stage = run.AddStage("approve", 2);
        run.Enter(stage, 0);
        run.Count(stage, 1, 10, 10);
        run.BeginWait(stage, 15);
        Assert.Equal(5, run.SilenceAt(1000));
        run.EndWait(stage, 1000);
        Assert.Equal(12, run.SilenceAt(1007));
        run.Count(stage, 2, 1010, 1010);
        Assert.Equal(0, run.SilenceAt(1010));
        Assert.Equal(15, run.ToProfile(1010, null).LongestSilenceSeconds);
    }

    [Fact]
    public void SilenceAt_WaitWhileAnotherStageRuns_Counts()
    {
        var run = new RunModel();
        var (approve, copy) = (run.AddStage("approve", 1), run.AddStage("copy", 1));
        run.Start(copy, 0);
        run.Enter(approve, 1);
        run.BeginWait(approve, 1);
        Assert.Equal(99, run.SilenceAt(100));
    }

    [Fact]
    public void Count_SilenceObservedWhileLooking_IsRemembered()
    {
        var run = new RunModel();
        var stage = run.AddStage("count", 100);
        run.Enter(stage, 0);
        run.Count(stage, 1, 1, 1);
        run.Count(stage, 1, 1, 31);
        run.Count(stage, 21, 32, 32);
        Assert.Equal(30, run.ToProfile(32, null).LongestSilenceSeconds);
    }

    /// <summary>The limit as it stood before each event, against the silence that the event ended.</summary>
    private static bool IsBreached(Trace trace, RunProfile[] history)
    {
        var breached = false;
        trace.Replay(beforeEvent: (t, run) => breached |= run.SilenceAt(t) > run.SilenceLimit(history));
        return breached;
    }

    private static void AssertFrozenIsNoticed(Trace trace)
    {
        var noticed = false;
        trace.Replay([.5], (_, t, run) => noticed = run.SilenceAt(t + Day) > run.SilenceLimit([]));
        Assert.True(noticed);
    }
}
