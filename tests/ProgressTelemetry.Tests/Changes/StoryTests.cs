using System.Collections.Immutable;
using ProgressTelemetry.Model;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.Tests.Changes;

/// <summary>
/// Every change of the model in the situations that matter, and word for word what comes of it. <c>UPDATE_GOLDEN=1</c> writes the stories anew: read the difference before keeping it.
/// </summary>
public class StoryTests
{
    private static readonly Dictionary<string, Func<Story>> Stories = new(StringComparer.Ordinal)
    {
        ["tasks"] = Tasks,
        ["late calls"] = LateCalls,
        ["waits"] = Waits,
        ["retries"] = Retries,
        ["fractions"] = Fractions,
        ["attempts and loops"] = AttemptsAndLoops,
        ["silence and deadline"] = SilenceAndDeadline,
        ["other processes"] = OtherProcesses,
        ["events of their own time"] = OwnTime,
        ["ends"] = Ends,
        ["ends of shares"] = EndsOfShares,
        ["totals"] = Totals,
    };

    public static TheoryData<string> Names => [.. Stories.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Changes_OfAStory_BringAboutWhatIsKept(string name)
    {
        var actual = Stories[name]().Text;
        var path = Path.Combine(RealParts.RepositoryRoot, "tests/ProgressTelemetry.Tests/Changes/stories", $"{name}.txt");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, actual);
        }

        Assert.Equal(File.ReadAllText(path), actual);
    }

    private static Story Tasks() => new Story(new RunPlan { Milestones = Milestone.Quarters })
        .Begin(new PlannedStage("extract", 4), new PlannedStage("load", 6, ["extract"]))
        .At(1).Enter("extract")
        .At(2).Add("extract", 1)
        .At(3).Count("extract", 1).Count("extract", 1)
        .At(4).Start("extract", "a")
        .At(5).Start("extract", "b", "file b")
        .At(7).End("a").Start("extract", "b again", "file b")
        .At(8).End("b").End("b")
        .At(8).Leave("extract")
        .At(9).Enter("load")
        .At(10).Update("load", "x", WorkflowTaskState.Running).Update("load", "y", WorkflowTaskState.Running, .25)
        .At(12).Update("load", "y", WorkflowTaskState.Running, .5).Update("load", "y", WorkflowTaskState.Running, .1)
        .At(13).Update("load", "x", WorkflowTaskState.Completed).Update("load", "x", WorkflowTaskState.Running)
        .At(14).Update("load", "z", WorkflowTaskState.Skipped).Update("load", "w", WorkflowTaskState.Completed)
        .At(15).Start("load", "y", "y")
        .At(18).End("y")
        .At(19).Add("load", 1, WorkflowResult.Failure).Add("load", 1, WorkflowResult.Skip).Add("load", 1, WorkflowResult.Timeout)
        .At(20).Items("load", "row", 500).Items("load", "row", 1).Items("load", "byte", 0)
        .At(21).Revise("load", "schema", "2")
        .At(22).Leave("load")
        .At(23).Finish(WorkflowResult.Success);

    private static Story LateCalls() => new Story(new RunPlan())
        .Begin()
        .At(1).Enter("s", 3).Start("s", "a").Start("s", "b", "b").Wait("s").GoOn("s")
        .At(2).Leave("s", WorkflowResult.Cancellation)
        .At(3).Add("s", 1).Count("s", 5).Start("s", "c").End("a").Retry("b").Update("s", "b", WorkflowTaskState.Completed).Report("s", .5).Wait("s").GoOn("s").Expect("s", 9).Loop("s", 2).LeaveLoop("s", 1)
        .Revise("s").Items("s", "row", 1).Leave("s").Leave("s", isDispose: true)
        .At(4).Enter("t", 2).Add("t", 1L << 53).Items("t", "row", 1L << 53).Items("t", "row", 1).Update("t", "x", WorkflowTaskState.Pending, .5)
        .At(5).Finish(WorkflowResult.Failure, "System.IO.IOException")
        .At(6).Finish(WorkflowResult.Success).Finish(WorkflowResult.Success, isDispose: true).Plan("u").Expect(9).Again().TakeOver().Look().Enter("v");

    private static Story Waits() => new Story(new RunPlan())
        .Begin("a", "b")
        .At(2).Enter("a", 4).Enter("b", 4)
        .At(4).Wait("a", "approval").Wait("a", "licence")
        .At(6).Wait("b", "slot").Look()
        .At(10).GoOn("a").Look()
        .At(12).GoOn("a").Add("a", 2)
        .At(13).Start("b", "while it waits")
        .At(15).End("while it waits")
        .At(16).Leave("b", WorkflowResult.Failure)
        .At(20).Wait("a").Start("a", "x").Wait("a")
        .At(24).End("x")
        .At(30).Leave("a")
        .At(33).Finish(WorkflowResult.Success);

    private static Story Retries() => new Story(new RunPlan { Milestones = [new Milestone("half", .5)] })
        .Begin()
        .At(1).Enter("s", 4).Start("s", "a").Start("s", "b", "b").Update("s", "b", WorkflowTaskState.Running, .5)
        .At(4).Retry("a", "System.TimeoutException").Retry("b")
        .At(6).End("a").End("b", WorkflowResult.Failure)
        .At(8).Start("s", "b2", "b")
        .At(9).End("b2", WorkflowResult.Timeout)
        .At(10).Update("s", "b", WorkflowTaskState.Completed)
        .At(11).Update("s", "c", WorkflowTaskState.Failed).Update("s", "c", WorkflowTaskState.Running).Update("s", "d", WorkflowTaskState.Cancelled)
        .At(12).Again(WorkflowResult.Error, "System.Exception")
        .At(15).Enter("s", 4, "s again").Add("s again", 1)
        .At(16).TakeOver()
        .At(17).Enter("s", null, "s a third time").Start("s a third time", "d", "d").End("d")
        .At(18).Update("s a third time", "c", WorkflowTaskState.Failed)
        .At(19).Finish(WorkflowResult.Success);

    private static Story Fractions() => new Story(new RunPlan { Milestones = Milestone.Quarters })
        .Begin()
        .At(1).Enter("unknown")
        .At(2).Report("unknown", .25).Report("unknown", .2)
        .At(4).Report("unknown", .5)
        .At(5).Report("unknown", 1)
        .At(6).Leave("unknown")
        .At(7).Enter("ten", 10)
        .At(8).Report("ten", .25)
        .At(9).Add("ten", 3)
        .At(10).Report("ten", .72)
        .At(11).Add("ten", 1).Expect("ten", 20)
        .At(12).Report("ten", .9)
        .At(13).Leave("ten")
        .At(14).Enter("counted first").Add("counted first", 3)
        .At(16).Report("counted first", .5)
        .At(17).Leave("counted first", WorkflowResult.Failure)
        .At(18).Finish(WorkflowResult.Success);

    private static Story AttemptsAndLoops() => new Story(new RunPlan())
        .Begin(new PlannedStage("s", 5))
        .At(1).Enter("s", null, "first").Add("first", 2)
        .At(2).Leave("first", WorkflowResult.Failure)
        .At(3).Enter("s", null, "second").Add("second", 5)
        .At(4).Enter("s", 3, "beside").Add("beside", 1)
        .At(5).Leave("beside")
        .At(6).Leave("second")
        .At(7).Enter("loops")
        .At(8).Loop("loops", 4).Loop("loops", 3).Add("loops", 5)
        .At(9).LeaveLoop("loops", 2).Loop("loops", 2).Add("loops", 2)
        .At(10).Expect("loops", 20).Expect("loops", 1)
        .At(11).Leave("loops")
        .At(12).Plan(new PlannedStage("s", 4), new PlannedStage("s", 40), "late", new PlannedStage("late", null, ["s"]))
        .At(13).Enter("s", 2, "third").Leave("third", isDispose: true)
        .At(14).Finish(WorkflowResult.Abandoned, isDispose: true);

    private static Story SilenceAndDeadline()
    {
        var story = new Story(new RunPlan { Deadline = DateTimeOffset.UnixEpoch.AddSeconds(1000), StallTimeout = TimeSpan.FromSeconds(30) });
        story.Begin().At(5).Enter("s", 10).Start("s", "a").At(15).Look().End("a").At(40).Look().At(45).Look().At(46).Look()
            .At(50).Look().At(60).Start("s", "b").At(95).Look().At(100).Wait("s").At(200).Look().GoOn("s").At(210).Add("s", 1, WorkflowResult.Skip).At(240).Look().At(241).Look()
            .At(242).Add("s", 1, WorkflowResult.Skip).End("b");
        foreach (var (at, remaining, width) in new[] { (300, 690, 40), (310, 700, 40), (320, 675, 40), (330, 665, 40), (340, 658, 40), (350, 652, 40), (360, 651, 40) })
        {
            story.At(at).Look(Estimate(at, remaining, width));
        }

        return story.At(999).Look().At(1001).Look().At(1002).Look().At(1010).Finish(WorkflowResult.Timeout);

        static TimeEstimate Estimate(double at, double remaining, double width)
        {
            var now = DateTimeOffset.UnixEpoch.AddSeconds(at);
            var (mid, low, high) = (TimeSpan.FromSeconds(remaining), TimeSpan.FromSeconds(remaining - (width / 2)), TimeSpan.FromSeconds(remaining + (width / 2)));
            return new TimeEstimate(now + mid, now + low, now + high, mid, low, high);
        }
    }

    private static Story OtherProcesses()
    {
        var before = Share(1, 20, Stage("load", 4, 10, ended: [3, 1]) with { FailedAttempts = 1, Items = Rows(7), Result = WorkflowResult.Failure, EndedAt = DateTimeOffset.UnixEpoch.AddSeconds(18) })
            with { Attempt = 2, LongestSilenceSeconds = 9, Milestones = [new MilestoneStatus("a third", 1 / 3.0, DateTimeOffset.UnixEpoch.AddSeconds(11))] };
        var first = Share(2, 26, Stage("load", 1, 12, ended: [1]) with { IsActive = true, RunningTasks = 2, Items = Rows(3) });
        var second = Share(3, 29, Stage("load", 5, 12, ended: [4, 0, 0, 0, 0, 0, 1]) with { IsActive = true, IsWaiting = true, Fraction = .5, TimedTasks = 2, TimedSeconds = 6, WorkSeconds = 5, LongestSeconds = 4, Revisions = 1, Attempts = 2 }, Stage("index", 2, null, ended: [2]))
            with { WaitedSeconds = 3, IdleSeconds = 2, LostSeconds = 1, DeclaredTasks = 30 };
        return new Story(new RunPlan { IsStored = true, Milestones = [new Milestone("a third", 1 / 3.0), new Milestone("most", .8)] })
            .Restore(before)
            .At(24).Begin()
            .At(25).Enter("load").Add("load", 1)
            .At(27).Hear(null, first, Others.Working)
            .At(28).Add("load", 1).Hear(first, first with { LastProgressAt = first.LastProgressAt.AddSeconds(3) }, Others.Idle)
            .At(30).Hear(first, second, Others.Waiting)
            .At(31).Leave("load")
            .At(32).Hear(second, second with { WaitedSeconds = 4 }, Others.Waiting).Look()
            .At(33).Told(new Effect(EffectKind.Due) { Due = EffectKind.Stalled, Seconds = 30 })
            .At(34).Enter("index", 20).Add("index", 20)
            .At(35).Finish(WorkflowResult.Success)
            .At(36).Hear(second, first, Others.None);

        static RunShare Share(long sequence, double progress, params StageShare[] stages) => new()
        {
            RunId = "r", Workflow = "w", Participant = "p", Sequence = sequence, StartedAt = DateTimeOffset.UnixEpoch, JoinedAt = DateTimeOffset.UnixEpoch, UpdatedAt = DateTimeOffset.UnixEpoch,
            LastProgressAt = DateTimeOffset.UnixEpoch.AddSeconds(progress), RanSeconds = 22, WaitedSeconds = 2, IdleSeconds = 1, LostSeconds = .5, Stages = stages,
        };

        static StageShare Stage(string name, long done, long? declared, ImmutableArray<long> ended) => new()
        {
            Name = name, HasBegun = true, DoneTasks = done, DeclaredTasks = declared, EndedTasks = ended, CountedTasks = done, CountedWork = done, WallSeconds = done * 2, LostSeconds = .25, WaitSeconds = 2, BlockedSeconds = 1,
            ActiveSeconds = done * 2, ActiveAtCountedSeconds = done, Attempts = 1, StartedAt = DateTimeOffset.UnixEpoch.AddSeconds(1),
        };

        static IReadOnlyDictionary<string, long> Rows(long count) => new Dictionary<string, long>(StringComparer.Ordinal) { ["row"] = count };
    }

    private static Story OwnTime() => new Story(new RunPlan())
        .Begin()
        .At(10).Happened(2).Enter("a", 3).Happened(4).Start("a", "x").Happened(8).End("x")
        .At(20).Happened(12).Start("a", "y").Happened(14).Enter("b", 2)
        .At(30).Happened(18).Start("b", "z").Happened(25).End("y").Happened(26).End("z")
        .At(31).Happened(27).Add("b", 1).Happened(28).Report("a", .9).Happened(-5).Update("a", "late", WorkflowTaskState.Running).Happened(29).Update("a", "late", WorkflowTaskState.Completed)
        .At(32).Happened(26).Leave("b").Happened(1).Leave("a")
        .At(33).Happened(30).Finish(WorkflowResult.Success);

    private static Story Ends() => new Story(new RunPlan { Milestones = Milestone.Quarters }, tasksAreHeard: false)
        .Begin(new PlannedStage("a", 2), new PlannedStage("never", 3))
        .At(1).Enter("a").Start("a", "x").Start("a", "y", "y").Update("a", "z", WorkflowTaskState.Running, .5).Wait("a")
        .At(3).Enter("b").Add("b", 1)
        .At(5).Finish(WorkflowResult.Cancellation);

    private static Story EndsOfShares()
    {
        var story = new Story(new RunPlan { IsStored = true, IsShared = true, ExpectedTasks = 10, Milestones = Milestone.Quarters });
        return story.Begin().At(1).Enter("a", 4).Add("a", 3).At(2).Start("a", "x", "x").At(4).Leave("a", WorkflowResult.Skip).At(5).Finish(WorkflowResult.Success, ending: RunEnding.Left);
    }

    private static Story Totals() => new Story(new RunPlan { ExpectedTasks = 20, Milestones = Milestone.Quarters })
        .Begin("planned")
        .At(1).Enter("a", 5).Add("a", 5)
        .At(2).Expect(10).Enter("b").Add("b", 2)
        .At(3).Expect(4).Enter("planned", 3).Expect("planned", 2).Update("planned", "p", WorkflowTaskState.Running, .75)
        .At(4).Expect("planned", 0).Leave("planned").Leave("a").Leave("b")
        .At(5).Finish(WorkflowResult.Success);
}
