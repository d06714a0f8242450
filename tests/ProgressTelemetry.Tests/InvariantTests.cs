using System.Collections.Concurrent;
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
    public static Arbitrary<ApiCall> Calls { get; } = (
        from kind in Gen.Choose(0, ApiCaller.LastKind)
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
        using var caller = new ApiCaller(tracker, run, run.StartStage("a"), clock);
        var before = run.GetStatus();
        WorkflowStatus? final = null;
        foreach (var call in calls)
        {
            caller.Make(call);
            var status = run.GetStatus();
            Holds(status, before, final);
            final ??= status.Result is null ? null : status;
            before = status;
        }

        run.Complete();
        caller.EndChildren();
        tracker.Drain();
        var end = run.GetStatus();
        Holds(end, before, final);
        AddUp(end, probe.Collect(), listener);
        Assert.True(listener.Stalls - listener.Resumes is 0 or 1);
        Assert.True(end.Stages.Sum(s => s.WallTime.TotalSeconds) <= end.Elapsed.TotalSeconds + 1e-3, "walls add up to more than the elapsed time");
    }

    [Property(Arbitrary = [typeof(InvariantTests)], MaxTest = 60, EndSize = 120, QuietOnSuccess = true)]
    public void FourThreads_AnySequencesOfCalls_KeepTheInvariants(ApiCall[] a, ApiCall[] b, ApiCall[] c, ApiCall[] d)
    {
        var suffix = MetricsProbe.NewSuffix();
        var clock = new ManualTimeProvider();
        using var tracker = new ProgressTracker(new ProgressTrackingOptions { MinShownRunAge = TimeSpan.Zero }, clock, null, null, null, suffix);
        using var probe = new MetricsProbe(suffix);
        var listener = new Heard();
        using var subscription = tracker.Subscribe(listener);
        var run = tracker.StartWorkflow("w", new WorkflowRunOptions { Stages = [new("a", 5)], Milestones = Milestone.Quarters, Deadline = clock.GetUtcNow() + TimeSpan.FromSeconds(200) });
        var stage = run.StartStage("a");
        var failures = new ConcurrentBag<Exception>();
        var isOver = false;

        // Only one thread moves the clock: time is not what they meet over.
        ApiCall[][] all = [a, b, c, d];
        var callers = all.Select((calls, i) => new ApiCaller(tracker, run, stage, i == 0 ? clock : null)).ToArray();
        var threads = callers.Zip(all, (caller, calls) => Guarded(() => Array.ForEach(calls, caller.Make))).ToArray();
        Thread[] watchers = [Guarded(Watch), Guarded(Collect)];
        Array.ForEach(threads, t => t.Join());
        Volatile.Write(ref isOver, true);
        Array.ForEach(watchers, t => t.Join());
        Array.ForEach(callers, caller => caller.EndChildren());
        Assert.Empty(failures);

        run.Complete();
        tracker.Drain();
        Array.ForEach(callers, caller => caller.Dispose());
        var end = run.GetStatus();
        Holds(end, end, null);
        AddUp(end, probe.Collect(), listener);

        Thread Guarded(Action work)
        {
            var thread = new Thread(() =>
            {
                try
                {
                    work();
                }
                catch (Exception e)
                {
                    failures.Add(e);
                }
            });
            thread.Start();
            return thread;
        }

        void Watch()
        {
            for (var before = run.GetStatus(); !Volatile.Read(ref isOver);)
            {
                var now = run.GetStatus();
                Holds(now, before, before.Result is null ? null : before);
                before = now;
            }
        }

        void Collect()
        {
            for (double before = 0; !Volatile.Read(ref isOver);)
            {
                var now = probe.Collect().Sum("workflow.stage.tasks", ("workflow.task.result", "success"));
                Assert.True(now >= before, $"a counter ran backwards: {before} -> {now}");
                before = now;
            }
        }
    }

    private static void AddUp(WorkflowStatus end, Scrape scrape, Heard listener)
    {
        // A task that failed, was tried again and then cut off stays done, for progress never runs backwards; its last result is that it was cut off.
        var tasks = scrape.All.Where(s => s.Name == "workflow.stage.tasks" && s["workflow.name"] == "w").ToList();
        var cutOff = tasks.Where(s => s["workflow.task.result"] is "cancellation" or "abandoned").Sum(s => s.Value);
        var finished = tasks.Sum(s => s.Value) - cutOff;
        Assert.InRange(end.CompletedTasks, finished, finished + Math.Min(cutOff, end.Performance.FailedAttempts));
        Assert.Equal(end.Performance.Revisions, scrape.Sum("workflow.stage.revisions", ("workflow.name", "w")));
        Assert.Equal(end.Milestones.Count(m => m.ReachedAt is not null), scrape.Sum("workflow.milestone.reached"));
        Assert.Equal(listener.Milestones.Distinct().Count(), listener.Milestones.Count);
        Assert.Equal(0, scrape.Sum("workflow.run.active"));
        Assert.Equal(0, scrape.Sum("workflow.stage.active"));
        Assert.Equal(1, scrape.Sum("workflow.run.duration", ("workflow.name", "w")));
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
