using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using ProgressTelemetry.Tests.Support;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.Tests;

/// <summary>Random sequences of calls, late, duplicate and out of order ones among them: the invariants hold after each.</summary>
public class InvariantTests
{
    private static readonly string[] Names = ["a", "b", "c"];

    public static Arbitrary<ApiCall> Calls { get; } = (
        from kind in Gen.Choose(0, 21)
        from which in Gen.Choose(0, 2)
        from number in Gen.Choose(0, 12)
        select new ApiCall(kind, which, number)).ToArbitrary();

    [Property(Arbitrary = [typeof(InvariantTests)], MaxTest = 200, EndSize = 120, QuietOnSuccess = true)]
    public void AnySequenceOfCalls_KeepsTheInvariants(ApiCall[] calls)
    {
        var suffix = MetricsProbe.NewSuffix();
        var clock = new ManualTimeProvider();
        using var tracker = new ProgressTracker(new ProgressTrackingOptions { MinShownRunAge = TimeSpan.Zero }, clock, null, null, null, suffix);
        using var probe = new MetricsProbe(suffix);
        var listener = new Heard();
        using var subscription = tracker.Subscribe(listener);
        var milestones = new Milestone[] { new("m1", .1), new("m2", .5), new("m3", 1) };
        var run = tracker.StartWorkflow("w", new WorkflowRunOptions { Stages = [new("a", 5)], Milestones = milestones, Deadline = clock.GetUtcNow() + TimeSpan.FromSeconds(200) });
        var stages = new List<WorkflowStage> { run.StartStage("a") };
        var tasks = new List<WorkflowTask>();
        var waits = new List<WaitScope>();
        var before = run.GetStatus();
        WorkflowStatus? final = null;
        foreach (var (kind, which, number) in calls)
        {
            var stage = stages[which % stages.Count];
            Apply(kind, which, number, run, stage, stages, tasks, waits, clock, subscription);
            var status = run.GetStatus();
            Holds(status, before, final);
            final ??= status.Result is null ? null : status;
            before = status;
        }

        run.Complete();
        tracker.Drain();
        var end = run.GetStatus();
        Holds(end, before, final);
        var scrape = probe.Collect();
        Assert.Equal(end.CompletedTasks, scrape.All.Where(s => s.Name == "workflow.stage.tasks" && s["workflow.task.result"] is not ("cancellation" or "abandoned")).Sum(s => s.Value));
        Assert.Equal(end.Performance.Revisions, scrape.Sum("workflow.stage.revisions"));
        Assert.Equal(end.Milestones.Count(m => m.ReachedAt is not null), scrape.Sum("workflow.milestone.reached"));
        Assert.Equal(listener.Milestones.Distinct().Count(), listener.Milestones.Count);
        Assert.Equal(0, scrape.Sum("workflow.run.active"));
        Assert.Equal(0, scrape.Sum("workflow.stage.active"));
        Assert.Equal(1, scrape.Sum("workflow.run.duration"));
        Assert.True(listener.Stalls - listener.Resumes is 0 or 1);
        Assert.True(end.Stages.Sum(s => s.WallTime.TotalSeconds) <= end.Elapsed.TotalSeconds + 1e-3, "walls add up to more than the elapsed time");
    }

    private static void Apply(
        int kind, int which, int number, WorkflowRun run, WorkflowStage stage, List<WorkflowStage> stages, List<WorkflowTask> tasks, List<WaitScope> waits, ManualTimeProvider clock, IDisposable subscription)
    {
        switch (kind)
        {
            case 0 or 1:
                stage.CompleteTask();
                break;
            case 2:
                stage.CompleteTasks(number);
                break;
            case 3:
                stage.FailTask();
                break;
            case 4:
                stage.SkipTasks(number);
                break;
            case 5:
                tasks.Add(stage.StartTask());
                break;
            case 6 when tasks.Count > 0:
                tasks[number % tasks.Count].Complete();
                break;
            case 7 when tasks.Count > 0:
                tasks[number % tasks.Count].Dispose();
                break;
            case 8:
                stage.UpdateTask($"t{number}", (WorkflowTaskState)(number % 6), number / 12.0);
                break;
            case 9:
                run.UpdateTask($"t{number}", (WorkflowTaskState)(which % 6), number / 12.0);
                break;
            case 10:
                stages.Add(run.StartStage(Names[which], number % 2 == 0 ? number : null));
                break;
            case 11:
                stage.Complete();
                break;
            case 12:
                stage.Dispose();
                break;
            case 13:
                stage.ExpectTasks(number);
                break;
            case 14:
                stage.RecordRevision("again");
                break;
            case 15:
                stage.RecordItems("k" + which, number);
                break;
            case 16:
                waits.Add(stage.Wait("approval"));
                break;
            case 17 when waits.Count > 0:
                waits[number % waits.Count].Dispose();
                break;
            case 18:
                clock.Advance(TimeSpan.FromSeconds(number * which * which * 5));
                break;
            case 19 when number < 3:
                run.ExpectTasks(number * 10);
                break;
            case 20 when number == 0:
                run.End((WorkflowResult)which);
                break;
            case 20 when number == 1:
                clock.JumpWallClock(TimeSpan.FromHours(which - 1));
                break;
            case 20 when number == 2:
                subscription.Dispose();
                break;
            case 21:
                stage.AsProgress().Report((number - 1) / 10.0);
                break;
            default:
                break;
        }
    }

    private static void Holds(WorkflowStatus now, WorkflowStatus before, WorkflowStatus? final)
    {
        Assert.True(now.CompletedTasks >= before.CompletedTasks, "completed tasks run backwards");
        Assert.True(now.ExpectedTasks is null || now.CompletedTasks <= now.ExpectedTasks, "more completed than expected");
        Assert.True(now.CompletionRatio is null or (>= 0 and <= 1), "completion out of range");
        Assert.Equal(now.CompletedTasks, now.Stages.Sum(s => s.CompletedTasks));
        if (now.ExpectedTasks == before.ExpectedTasks && now.CompletionRatio is { } ratio && before.CompletionRatio is { } ratioBefore)
        {
            Assert.True(ratio >= ratioBefore - 1e-9, $"completion ran backwards: {ratioBefore} -> {ratio}");
        }

        foreach (var stage in now.Stages)
        {
            Assert.True(stage.ExpectedTasks is null || stage.CompletedTasks <= stage.ExpectedTasks, "a stage completed more than expected");
            Assert.True(stage.CompletionRatio is null or (>= 0 and <= 1), "a stage's completion out of range");
            Assert.True(stage.RunningTasks >= 0, "negative running tasks");
            Assert.True(stage.WallTime >= TimeSpan.Zero && stage.WaitTime >= TimeSpan.Zero, "negative time");
        }

        if (now.Estimate is { } estimate)
        {
            Assert.True(estimate.Low <= estimate.Expected && estimate.Expected <= estimate.High, "estimate out of order");
            Assert.True(estimate.Low >= now.AsOf, "estimate in the past");
        }

        // A terminal result wins over all that comes later.
        if (final is not null)
        {
            Assert.Same(final, now);
        }
    }

    public sealed record ApiCall(int Kind, int Which, int Number);

    private sealed class Heard : ProgressListener
    {
        public List<string> Milestones { get; } = [];

        public int Stalls { get; private set; }

        public int Resumes { get; private set; }

        public override void OnMilestoneReached(WorkflowRun run, MilestoneStatus milestone) => Milestones.Add(milestone.Name);

        public override void OnStalled(WorkflowRun run, TimeSpan silence) => Stalls++;

        public override void OnResumed(WorkflowRun run) => Resumes++;
    }
}
