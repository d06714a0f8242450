using ProgressTelemetry.Tests.Support;

namespace ProgressTelemetry.Tests.Listeners;

public class ListenerTests
{
    [Fact]
    public void Listener_OfARun_HearsAllInOrder()
    {
        var listener = new RecordingListener();
        using var fixture = new TrackerFixture(o => o.StallTimeout = TimeSpan.FromSeconds(30), listener);
        var run = fixture.Tracker.StartWorkflow("w", new() { ExpectedTasks = 4, Milestones = [new("half", .5)] });
        var stage = run.StartStage("s");
        stage.CompleteTask();
        Assert.Equal("tasks 1", listener.Heard[^1]);
        stage.StartTask("t").Complete();
        fixture.Advance(31);
        stage.UpdateTask("u", WorkflowTaskState.Running, .5);
        stage.RecordRevision("typos", "2");
        stage.Complete();
        run.Complete();

        Assert.Equal(
            ["run w started", "stage s started", "tasks 1", "task t Running", "milestone half", "task t Completed", "stalled", "resumed", "task u Running", "revision s typos 2", "task u Cancelled", "stage s ended Success", "run w ended Success"],
            listener.Heard);
        Assert.Equal(1, Assert.Single(listener.Updates, u => u is { TaskId: "t", State: WorkflowTaskState.Completed }).TaskCompletion);
    }

    [Fact]
    public void Listener_ThatThrows_IsIsolatedCountedAndLoggedOnce()
    {
        var bad = new RecordingListener { Reaction = _ => throw new InvalidOperationException("no") };
        var good = new RecordingListener();
        using var fixture = new TrackerFixture(null, bad, good);
        var run = fixture.Tracker.StartWorkflow("w");
        run.StartStage("s").Complete();
        run.Complete();

        Assert.Equal(bad.Heard, good.Heard);
        Assert.Equal(4, good.Heard.Count);
        Assert.Equal(4, fixture.Errors("listener_failed"));
        Assert.Single(fixture.Log.Of("progress.tracker.ignored"));
    }

    [Fact]
    public void Listener_ThatEndsTheRunFromACallback_IsHeardThrough()
    {
        var listener = new RecordingListener();
        using var fixture = new TrackerFixture(null, listener);
        WorkflowRun? run = null;
        listener.Reaction = what =>
        {
            if (what == "milestone half")
            {
                run!.Cancel();
            }
        };
        run = fixture.Tracker.StartWorkflow("w", new() { ExpectedTasks = 2, Milestones = [new("half", .5)] });
        run.StartStage("s").CompleteTask();

        Assert.Equal(["run w started", "stage s started", "milestone half", "tasks 1", "stage s ended Cancellation", "run w ended Cancellation"], listener.Heard);
        Assert.True(run.IsEnded);
        Assert.Equal(1, run.GetStatus().CompletedTasks);
    }

    [Fact]
    public void Listener_ThatRestartsTheRunWhenItEnded_MayUseTheSameId()
    {
        var listener = new RecordingListener();
        using var fixture = new TrackerFixture(null, listener);
        var left = 3;
        listener.Reaction = what =>
        {
            if (what.StartsWith("run w ended", StringComparison.Ordinal) && left-- > 0)
            {
                fixture.Tracker.StartWorkflow("w", new() { RunId = "nightly" }).Complete();
            }
        };
        fixture.Tracker.StartWorkflow("w", new() { RunId = "nightly" }).Complete();
        Assert.Equal(4, listener.Count("run w ended Success"));
        Assert.Equal(0, fixture.Errors("listener_failed"));
    }

    [Fact]
    public void Listener_ThatIsSlow_HoldsUpNobody()
    {
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var listener = new RecordingListener();
        using var fixture = new TrackerFixture(null, listener);
        var run = fixture.Tracker.StartWorkflow("w", new() { ExpectedTasks = 1000 });
        var stage = run.StartStage("s");
        var calls = 0;
        listener.Reaction = what =>
        {
            // Two calls of one run at once would be a broken promise.
            Assert.Equal(1, Interlocked.Increment(ref calls));
            if (what == "tasks 1")
            {
                entered.Set();
                Assert.True(release.Wait(TimeSpan.FromMinutes(1)));
            }

            Interlocked.Decrement(ref calls);
        };
        stage.CompleteTask();
        Assert.True(entered.Wait(TimeSpan.FromMinutes(1)));
        for (var i = 0; i < 999; i++)
        {
            stage.CompleteTask();
        }

        run.Complete();
        Assert.Equal(1000, run.GetStatus().CompletedTasks);
        release.Set();

        Assert.Equal(0, fixture.Errors("listener_failed"));
        Assert.Equal(1000, listener.Final!.CompletedTasks);
        Assert.Equal(1000, listener.Updates[^1].CompletedTasks);
        Assert.Equal("run w ended Success", listener.Heard[^1]);
    }

    [Fact]
    public void Listener_ThatIsSlow_HidesNoFirstCountedTasks()
    {
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var listener = new RecordingListener();
        using var fixture = new TrackerFixture(null, listener);
        var run = fixture.Tracker.StartWorkflow("w", new() { ExpectedTasks = 1000 });
        var stage = run.StartStage("s");
        listener.Reaction = what =>
        {
            if (what == "stage slow started")
            {
                entered.Set();
                Assert.True(release.Wait(TimeSpan.FromMinutes(1)));
            }
        };
        run.StartStage("slow");
        Assert.True(entered.Wait(TimeSpan.FromMinutes(1)));

        // The first call waits to be told; those that follow leave it to that one to look.
        stage.SkipTask();
        stage.CompleteTasks(995);
        release.Set();

        Assert.Equal(996, listener.Updates[^1].CompletedTasks);
        Assert.Equal(996, run.GetStatus().CompletedTasks);
    }

    [Fact]
    public void Listener_ThatHearsNoTasks_HearsAllElse()
    {
        var listener = new DeafListener();
        using var fixture = new TrackerFixture(null, listener);
        var run = fixture.Tracker.StartWorkflow("w", new() { ExpectedTasks = 4, Milestones = Milestone.Quarters });
        var stage = run.StartStage("s");
        stage.CompleteTasks(2);
        stage.StartTask().Complete();
        stage.UpdateTask("x", WorkflowTaskState.Completed);

        fixture.Tracker.Drain();
        Assert.Equal(["25 %", "50 %", "75 %", "100 %"], listener.Milestones);
        Assert.Equal(0, listener.Tasks);

        // Another one that does hear them changes nothing for this one.
        var recording = new RecordingListener { Tracker = fixture.Tracker };
        using (fixture.Tracker.Subscribe(recording))
        {
            stage.CompleteTask();
            Assert.Single(recording.Updates);
        }

        Assert.Equal(0, listener.Tasks);
    }

    [Fact]
    public async Task Listener_OfManyThreads_HearsTheTotalsLast()
    {
        var listener = new RecordingListener();
        using var fixture = new TrackerFixture(null, listener);
        var run = fixture.Tracker.StartWorkflow("w", new() { ExpectedTasks = 4000 });
        var stage = run.StartStage("s");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                stage.CompleteTask();
            }
        })));

        Assert.Equal(4000, listener.Updates[^1].CompletedTasks);
        Assert.Equal(1, listener.Updates[^1].RunCompletion);
        Assert.Equal(listener.Updates.Select(u => u.CompletedTasks).Order(), listener.Updates.Select(u => u.CompletedTasks));
        run.Complete();
        Assert.Equal(4000, listener.Final!.CompletedTasks);
    }

    [Fact]
    public void Subscribe_Midway_HearsFromThenOnUntilItIsDisposed()
    {
        using var fixture = new TrackerFixture();
        var listener = new RecordingListener { Tracker = fixture.Tracker };
        var run = fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s", 100);
        stage.CompleteTasks(10);
        var subscription = fixture.Tracker.Subscribe(listener);
        stage.CompleteTask();
        Assert.Equal(["tasks 11"], listener.Heard);
        stage.CompleteTask();
        Assert.Equal(["tasks 11", "tasks 12"], listener.Heard);
        subscription.Dispose();
        subscription.Dispose();
        stage.CompleteTask();

        Assert.Equal(["tasks 11", "tasks 12"], listener.Heard);
        Assert.Equal(13, run.GetStatus().CompletedTasks);
    }

    [Fact]
    public void Subscribe_TheSameListenerTwice_IsTwoSubscriptions()
    {
        using var fixture = new TrackerFixture();
        var listener = new RecordingListener { Tracker = fixture.Tracker };
        var first = fixture.Tracker.Subscribe(listener);
        using var second = fixture.Tracker.Subscribe(listener);
        first.Dispose();
        first.Dispose();
        fixture.Tracker.StartWorkflow("w");
        Assert.Equal(["run w started"], listener.Heard);
    }

    [Fact]
    public void Subscribe_FromACallback_HearsWhatFollows()
    {
        var late = new RecordingListener();
        var listener = new RecordingListener();
        using var fixture = new TrackerFixture(null, listener);
        listener.Reaction = what =>
        {
            if (what == "stage s started")
            {
                fixture.Tracker.Subscribe(late);
            }
        };
        var run = fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s");
        Assert.Equal(2, listener.Heard.Count);
        stage.CompleteTask();
        Assert.Equal("tasks 1", listener.Heard[^1]);
        run.Complete();
        late.Tracker = fixture.Tracker;
        Assert.Equal(["tasks 1", "stage s ended Success", "run w ended Success"], late.Heard);
    }

    [Fact]
    public void Constructor_NullListener_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new ProgressTracker(listeners: [null!]).Dispose());

    private sealed class DeafListener : ProgressListener
    {
        public List<string> Milestones { get; } = [];

        public int Tasks { get; private set; }

        public override bool HearsTasks => false;

        public override void OnTaskUpdated(WorkflowRun run, TaskUpdate update) => Tasks++;

        public override void OnMilestoneReached(WorkflowRun run, MilestoneStatus milestone) => Milestones.Add(milestone.Name);
    }
}
