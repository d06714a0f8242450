using ProgressTelemetry.Tests.Support;

namespace ProgressTelemetry.Tests.Cases;

/// <summary>What people really do: report percentages, resume half-done work, skip what is cached, retry, crash, hang, sleep. Each was wrong once; each has what is right, under a driven clock.</summary>
public sealed class RealLifeTests : IDisposable
{
    private readonly TrackerFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    /// <summary>Linear reports give the time left that they show, and it never rises.</summary>
    [Theory]
    [InlineData("alone")]
    [InlineData("planned")]
    [InlineData("percent")]
    [InlineData("updates")]
    [InlineData("many tasks")]
    public void Reports_ThatAreLinear_GiveTheTimeThatIsLeft(string how)
    {
        var run = _fixture.Tracker.StartWorkflow("w", new() { Stages = how == "planned" ? [new("load", 4), new("index", 1)] : [] });
        if (how == "planned")
        {
            var load = run.StartStage("load");
            for (var i = 0; i < 4; i++)
            {
                _fixture.Advance(2);
                load.CompleteTask();
            }

            load.Complete();
        }

        var stage = run.StartStage("index", how == "many tasks" ? 7 : null);
        var before = double.MaxValue;
        for (var percent = 1; percent < 100; percent++)
        {
            _fixture.Advance(1);
            switch (how)
            {
                case "percent":
                    stage.AsPercentProgress().Report(percent);
                    break;
                case "updates":
                    stage.UpdateTask("only", WorkflowTaskState.Running, percent / 100.0);
                    stage.ExpectTasks(1);
                    break;
                default:
                    stage.AsProgress().Report(percent / 100.0);
                    break;
            }

            var left = run.GetStatus().Estimate!.Remaining.TotalSeconds;
            var truth = 100 - percent;
            Assert.InRange(left, 0, before + 1e-6);
            before = left;
            if (percent >= 10)
            {
                Assert.InRange(left, truth * (percent < 50 ? .75 : .9), truth * (percent < 50 ? 1.25 : 1.1) + .01);
            }
        }
    }

    [Theory]
    [InlineData(1, 30)]
    [InlineData(5, 30)]
    [InlineData(20, 60)]
    public void Reports_ThatStop_AreAStallAfterAboutTheFloorOrThreeOfTheirGaps(int seconds, int limit)
    {
        var run = _fixture.Tracker.StartWorkflow("w");
        var progress = run.StartStage("s").AsProgress();
        for (var i = 1; i <= 60; i++)
        {
            _fixture.Advance(seconds);
            progress.Report(i / 100.0);
        }

        _fixture.Advance(limit - 1);
        Assert.Equal(WorkflowState.Running, run.GetStatus().State);
        _fixture.Advance(3);
        Assert.Equal(WorkflowState.Stalled, run.GetStatus().State);
    }

    /// <summary>A resumed run: what was done before is skipped. It is done, but is no pace, no duration, no silence and no evidence.</summary>
    [Theory]
    [InlineData("at once")]
    [InlineData("one by one")]
    [InlineData("timed")]
    [InlineData("identified")]
    public void SkippedTasks_OfAResumedRun_TellNothingOfThePace(string how)
    {
        var run = _fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s", 100);
        for (var i = 0; i < 90; i++)
        {
            switch (how)
            {
                case "at once":
                    stage.SkipTasks(90);
                    i = 90;
                    break;
                case "one by one":
                    stage.SkipTask();
                    break;
                case "timed":
                    stage.StartTask().Skip();
                    break;
                default:
                    stage.UpdateTask($"t{i}", WorkflowTaskState.Skipped);
                    break;
            }
        }

        Assert.Null(run.GetStatus().Estimate);
        for (var done = 1; done <= 9; done++)
        {
            using var task = stage.StartTask();
            _fixture.Advance(10);
            task.Complete();
            var left = run.GetStatus().Estimate!;
            Assert.InRange(left.Remaining.TotalSeconds, .75 * 10 * (10 - done), 1.25 * 10 * (10 - done));
            Assert.Equal(90 + done, run.GetStatus().CompletedTasks);
        }
    }

    [Fact]
    public void SkippedTasks_AreNoThroughput()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s", 110);
        fixture.Collect();
        stage.SkipTasks(100);
        fixture.Advance(10);
        stage.CompleteTasks(5);
        stage.FailTask();

        Assert.Equal(.6, run.GetStatus().Performance.ThroughputPerSecond!.Value, 9);
        Assert.Equal(.6, fixture.Sum("workflow.stage.throughput"), 9);
        Assert.Equal(106, run.GetStatus().CompletedTasks);
    }

    [Fact]
    public void FirstRealTask_AfterSkippedOnes_IsNoStall()
    {
        var run = _fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s", 100);
        stage.SkipTasks(90);
        for (var i = 0; i < 12; i++)
        {
            _fixture.Advance(10);
            Assert.Equal(WorkflowState.Running, run.GetStatus().State);
        }
    }

    [Fact]
    public void ResumedRuns_NeverDisplaceFullOnesFromTheHistory()
    {
        Play(skipped: 0);
        for (var i = 0; i < 7; i++)
        {
            Play(skipped: 90);
        }

        var run = _fixture.Tracker.StartWorkflow("w", new() { Stages = [new("s", 100)] });
        var stage = run.StartStage("s");
        _fixture.Advance(10);
        stage.CompleteTask();
        Assert.InRange(run.GetStatus().Estimate!.Remaining.TotalSeconds, 800, 1200);

        void Play(int skipped)
        {
            var earlier = _fixture.Tracker.StartWorkflow("w", new() { Stages = [new("s", 100)] });
            var work = earlier.StartStage("s");
            work.SkipTasks(skipped);
            for (var i = skipped; i < 100; i++)
            {
                _fixture.Advance(10);
                work.CompleteTask();
            }

            earlier.Complete();
        }
    }

    /// <summary>A crash claims nothing: what was cut off isn't done, and no milestone is reached by ending.</summary>
    [Theory]
    [InlineData("fail", WorkflowResult.Failure)]
    [InlineData("cancel", WorkflowResult.Cancellation)]
    [InlineData("dispose", WorkflowResult.Abandoned)]
    [InlineData("tasks disposed first", WorkflowResult.Failure)]
    [InlineData("tasks cancelled first", WorkflowResult.Cancellation)]
    public void Crash_WithTasksInFlight_CompletesNothing(string how, WorkflowResult result)
    {
        var run = _fixture.Tracker.StartWorkflow("w", new() { Milestones = Milestone.Quarters });
        var stage = run.StartStage("s", 10);
        stage.CompleteTask();
        var tasks = Enumerable.Range(0, 8).Select(i => stage.StartTask($"t{i}")).ToList();
        stage.UpdateTask("u", WorkflowTaskState.Running, .4);
        _fixture.Advance(5);
        switch (how)
        {
            case "tasks disposed first":
                tasks.ForEach(t => t.Dispose());
                break;
            case "tasks cancelled first":
                tasks.ForEach(t => t.Cancel());
                break;
            default:
                break;
        }

        if (how == "dispose")
        {
            run.Dispose();
        }
        else
        {
            run.End(result);
        }

        var status = run.GetStatus();
        Assert.Equal((1L, 10L), (status.CompletedTasks, status.ExpectedTasks!.Value));
        Assert.Equal(.14, status.CompletionRatio!.Value, 9);
        Assert.All(status.Milestones, m => Assert.Null(m.ReachedAt));
        Assert.Equal(0, _fixture.Sum("workflow.milestone.reached"));
        Assert.Equal(9, _fixture.Sum("workflow.stage.tasks", ("workflow.task.result", "abandoned")) + _fixture.Sum("workflow.stage.tasks", ("workflow.task.result", "cancellation")));
    }

    /// <summary>Success settles: what was not done was not needed.</summary>
    [Theory]
    [InlineData("planned stage skipped")]
    [InlineData("planned stage never started")]
    [InlineData("stage ended well with a part")]
    [InlineData("total too large")]
    [InlineData("stage open at the end")]
    public void Success_WithTasksLeft_IsWholeAndReachesItsMilestones(string how)
    {
        var run = _fixture.Tracker.StartWorkflow("w", new()
        {
            Stages = how.StartsWith("planned", StringComparison.Ordinal) ? [new("a", 10), new("optional", 90)] : [new("a", 10)],
            Milestones = Milestone.Quarters,
            ExpectedTasks = how == "total too large" ? 1119 : null,
        });
        var stage = run.StartStage("a");
        stage.CompleteTasks(how is "stage ended well with a part" or "stage open at the end" ? 4 : 10);
        _fixture.Advance(10);
        if (how != "stage open at the end")
        {
            stage.Complete();
        }

        if (how == "planned stage skipped")
        {
            run.StartStage("optional").Skip();
            Assert.Equal(1, run.GetStatus().CompletionRatio);
        }

        run.Complete();
        var status = run.GetStatus();
        Assert.Equal((1d, status.ExpectedTasks), (status.CompletionRatio!.Value, (long?)status.CompletedTasks));
        Assert.All(status.Milestones, m => Assert.NotNull(m.ReachedAt));
    }

    [Fact]
    public void StageThatFailedAndStartsAgain_ExpectsThePlansNumberAgain()
    {
        var run = _fixture.Tracker.StartWorkflow("w", new() { Stages = [new("s", 10)] });
        var first = run.StartStage("s");
        for (var i = 0; i < 9; i++)
        {
            _fixture.Advance(10);
            first.CompleteTask();
        }

        first.Fail("x");
        run.StartStage("s");
        var status = run.GetStatus();
        Assert.Equal((9L, 19L), (status.CompletedTasks, status.ExpectedTasks!.Value));
        Assert.InRange(status.Estimate!.Remaining.TotalSeconds, 75, 125);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Hang_ThatWasAStall_TeachesNoMoreThanWhenItWasNoticed(bool timed)
    {
        var run = _fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s", 100);
        Work(stage, 50, timed);
        var (limit, left) = (run.GetStatus().StallThreshold!.Value, run.GetStatus().Estimate!.Remaining);
        var hanging = timed ? stage.StartTask() : default;
        _fixture.Advance(3600);
        Assert.Equal(WorkflowState.Stalled, run.GetStatus().State);
        if (timed)
        {
            hanging.Complete();
        }
        else
        {
            stage.CompleteTask();
        }

        Assert.InRange(run.GetStatus().StallThreshold!.Value, TimeSpan.Zero, 4 * limit);
        Assert.InRange(run.GetStatus().Estimate!.Remaining, TimeSpan.Zero, 2 * left);
        Work(stage, 49, timed);
        stage.Complete();
        run.Complete();

        var next = _fixture.Tracker.StartWorkflow("w");
        Work(next.StartStage("s", 100), 10, timed);
        Assert.InRange(next.GetStatus().StallThreshold!.Value, TimeSpan.Zero, 4 * limit);
    }

    [Fact]
    public void Sleep_OfTheMachine_IsNoWorkNoSilenceAndNoStall()
    {
        var clock = new SleepingProvider();
        using var tracker = new ProgressTracker(null, clock);
        var run = tracker.StartWorkflow("w");
        var stage = run.StartStage("s", 100);
        for (var i = 0; i < 10; i++)
        {
            clock.Run(10);
            stage.CompleteTask();
        }

        var (limit, left) = (run.GetStatus().StallThreshold, run.GetStatus().Estimate!.Remaining);
        clock.Sleep(8 * 3600);
        clock.Run(10);
        stage.CompleteTask();
        var status = run.GetStatus();
        Assert.Equal(WorkflowState.Running, status.State);
        Assert.InRange(status.StallThreshold!.Value, TimeSpan.Zero, limit!.Value + TimeSpan.FromSeconds(5));
        Assert.InRange(status.Estimate!.Remaining, left * .8, left * 1.1);
        Assert.Equal(8 * 3600 + 110, status.Elapsed.TotalSeconds, 3.0);
    }

    [Fact]
    public void ForecastAboutTheDeadline_WithNoisyTasks_IsToldOnce()
    {
        var listener = new RecordingListener { Tracker = _fixture.Tracker };
        using var subscription = _fixture.Tracker.Subscribe(listener);
        var run = _fixture.Tracker.StartWorkflow("w", new() { Deadline = _fixture.Clock.GetUtcNow().AddSeconds(500) });
        var stage = run.StartStage("s", 100);
        var random = new Random(1);
        for (var i = 0; i < 98; i++)
        {
            _fixture.Advance(5 + ((i % 2 == 0 ? 3 : -3) * random.NextDouble()));
            stage.CompleteTask();
        }

        Assert.InRange(listener.Count("forecast late"), 0, 2);
    }

    [Theory]
    [InlineData("handle")]
    [InlineData("retry")]
    [InlineData("updates")]
    [InlineData("straight to the end")]
    public void TaskThatIsTriedAgain_CountsOnceByItsLastResult(string how)
    {
        var run = _fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s", 1);
        for (var attempt = 0; attempt < 2; attempt++)
        {
            _fixture.Advance(5);
            switch (how)
            {
                case "handle":
                    stage.StartTask("b").Fail();
                    break;
                case "updates":
                    stage.UpdateTask("b", WorkflowTaskState.Running);
                    stage.UpdateTask("b", WorkflowTaskState.Failed);
                    break;
                case "straight to the end":
                    stage.UpdateTask("b", WorkflowTaskState.Failed);
                    break;
                default:
                    stage.StartTask("b").Retry(new TimeoutException());
                    break;
            }
        }

        Assert.Equal(how == "retry" ? 0 : 1, run.GetStatus().CompletedTasks);
        if (how is "updates" or "straight to the end")
        {
            stage.UpdateTask("b", WorkflowTaskState.Completed);
        }
        else
        {
            stage.StartTask("b").Complete();
        }

        var status = run.GetStatus().Stages[0];
        // The same news twice says nothing new.
        var attempts = how == "straight to the end" ? 1 : 2;
        Assert.Equal((1L, 1L, 0L, (long)attempts, 0L), (status.CompletedTasks, status.ExpectedTasks!.Value, status.FailedTasks, status.FailedAttempts, status.RunningTasks));
        Assert.Equal(1, _fixture.Sum("workflow.stage.tasks"));
        Assert.Equal(1, _fixture.Sum("workflow.stage.tasks", ("workflow.task.result", "success")));
        Assert.Equal(attempts, _fixture.Sum("workflow.stage.task.attempts"));
        Assert.Equal(0, _fixture.Errors("late_update"));
    }

    [Fact]
    public void TaskThatFailsForGood_IsAFailureOnceItsStageEnds()
    {
        var run = _fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s", 1);
        stage.StartTask("b").Fail();
        Assert.Equal(1, run.GetStatus().Stages[0].FailedTasks);
        stage.Fail("x");
        Assert.Equal(1, _fixture.Sum("workflow.stage.tasks", ("workflow.task.result", "failure")));
    }

    [Fact]
    public void LiveRunsThatNobodyEnds_AreAbandonedAndHideNoNewOne()
    {
        using var fixture = new TrackerFixture(o => o.AbandonAfter = TimeSpan.FromHours(12));
        var dead = Enumerable.Range(0, 400).Select(_ => fixture.Tracker.StartWorkflow("dead")).ToList();
        var waiting = fixture.Tracker.StartWorkflow("waits");
        waiting.StartStage("approve").Wait("approval");
        fixture.Advance(3600);
        var fresh = fixture.Tracker.StartWorkflow("fresh");
        fixture.Advance(10);
        Assert.Contains(fixture.Collect(), r => r.Instrument.Name == "workflow.run.state" && r["workflow.run.id"] == fresh.Id);
        fixture.Advance(13 * 3600);
        Assert.All(dead, run => Assert.Equal(WorkflowResult.Abandoned, run.GetStatus().Result));
        Assert.Equal(WorkflowState.Waiting, waiting.GetStatus().State);
    }

    [Fact]
    public async Task RunThatIsTriedThreeTimes_IsOneRunWithTwoFailedAttempts()
    {
        var listener = new RecordingListener { Tracker = _fixture.Tracker };
        using var subscription = _fixture.Tracker.Subscribe(listener);
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var options = new WorkflowRunOptions { RunId = "job-7", WhenLive = WhenLive.TakeOver, WillBeRetried = _ => attempt < 3 };
            var body = _fixture.Tracker.RunAsync("import", async (run, ct) =>
            {
                await run.StageAsync("load", (stage, _) =>
                {
                    stage.StartTask("a").Complete();
                    return attempt < 3 ? throw new InvalidOperationException("not yet") : Task.CompletedTask;
                }, cancellationToken: ct);
            }, options);
            if (attempt < 3)
            {
                await Assert.ThrowsAsync<InvalidOperationException>(() => body);
                Assert.Equal(WorkflowState.Waiting, _fixture.Tracker.GetStatus("job-7")!.State);
            }
            else
            {
                await body;
            }

            _fixture.Advance(1);
        }

        var status = _fixture.Tracker.GetStatus("job-7")!;
        Assert.Equal((WorkflowResult.Success, 3), (status.Result!.Value, status.Attempt));
        Assert.Equal(1, listener.Count("run import started"));
        var readings = _fixture.Collect();
        Assert.Equal(["success"], readings.Where(r => r.Instrument.Name == "workflow.run.duration").Select(r => r["workflow.run.result"]));
    }

    [Fact]
    public void Join_OfALiveRun_LeavesItToItsOwner()
    {
        var owner = _fixture.Tracker.StartWorkflow("w", new() { RunId = "r" });
        using (var participant = _fixture.Tracker.StartWorkflow("w", new() { RunId = "r", WhenLive = WhenLive.Join }))
        {
            participant.StartStage("s", 1).CompleteTask();
            participant.Complete();
        }

        Assert.False(owner.IsEnded);
        Assert.Equal(1, owner.GetStatus().CompletedTasks);
        owner.Complete();
        Assert.Equal(WorkflowResult.Success, owner.GetStatus().Result);
    }

    [Fact]
    public void TakeOver_OfALiveRun_LeavesTheFormerOwnerNothingToEnd()
    {
        var former = _fixture.Tracker.StartWorkflow("w", new() { RunId = "r" });
        former.StartStage("s", 2).CompleteTask();
        var owner = _fixture.Tracker.StartWorkflow("w", new() { RunId = "r", WhenLive = WhenLive.TakeOver });
        Assert.Equal((2, 1L), (owner.GetStatus().Attempt, owner.GetStatus().CompletedTasks));
        Assert.Equal(WorkflowState.Abandoned, owner.GetStatus().Stages[0].State);
        former.Fail("too late");
        former.Dispose();
        Assert.False(owner.IsEnded);
        owner.Complete();
        Assert.Equal(WorkflowResult.Success, owner.GetStatus().Result);
    }

    /// <summary>An event's own time: durations are made of it, whenever it is told.</summary>
    [Fact]
    public void Events_ToldLate_KeepTheirTimesAndTheirWall()
    {
        var start = _fixture.Clock.GetUtcNow();
        _fixture.Advance(3600);
        var run = _fixture.Tracker.StartWorkflow("w", new() { StartedAt = start.AddMinutes(50) });
        var stage = run.At(start.AddMinutes(55)).StartStage("s", 2);
        stage.At(start.AddMinutes(59.5)).StartTask("a").At(start.AddMinutes(59.75)).Complete();
        stage.At(start.AddMinutes(60)).Complete();
        _fixture.Advance(60);
        run.At(start.AddMinutes(60.5)).Complete();
        var status = run.GetStatus();
        Assert.Equal((start.AddMinutes(50), start.AddMinutes(60.5)), (status.StartedAt, status.EndedAt!.Value));
        Assert.Equal(TimeSpan.FromMinutes(10.5), status.Elapsed);
        var told = status.Stages[0];
        Assert.Equal((start.AddMinutes(55), start.AddMinutes(60)), (told.StartedAt!.Value, told.EndedAt!.Value));
        Assert.Equal(TimeSpan.FromSeconds(15), told.AverageTaskDuration);
        Assert.Equal(300, _fixture.Collect().Single(r => r.Instrument.Name == "workflow.stage.duration").Value, 6);
    }

    [Fact]
    public void Events_OutOfOrderWithinAMinute_GetTheWallThatTheyWouldHaveHad()
    {
        var start = _fixture.Clock.GetUtcNow();
        var run = _fixture.Tracker.StartWorkflow("w", new() { StartedAt = start });
        var (a, b) = (run.At(start).StartStage("a", 1), run.At(start).StartStage("b", 1));
        var running = a.At(start).StartTask("a");
        _fixture.Advance(40);
        running.At(start.AddSeconds(40)).Complete();

        // Told at 40 s: b's task ran beside a's from 10 to 30 s.
        b.At(start.AddSeconds(10)).StartTask("b").At(start.AddSeconds(30)).Complete();
        var stages = run.GetStatus().Stages;
        Assert.Equal(TimeSpan.FromSeconds(20), stages[1].AverageTaskDuration);
        Assert.Equal(40, stages.Sum(s => s.WallTime.TotalSeconds), 3.0);
        Assert.InRange(stages[1].WallTime.TotalSeconds, 5, 20);
    }

    [Fact]
    public void ChildRun_IsATaskOfItsParentsStage()
    {
        var parent = _fixture.Tracker.StartWorkflow("parent", new() { Milestones = [new("half", .5)], StallTimeout = TimeSpan.FromSeconds(60) });
        var stage = parent.StartStage("children", 2);
        using var child = _fixture.Tracker.StartWorkflow("child", new() { ParentStage = stage });
        var work = child.StartStage("work", 100);
        for (var i = 1; i <= 90; i++)
        {
            _fixture.Advance(5);
            work.CompleteTask();
        }

        _fixture.Advance(10);
        var status = parent.GetStatus();
        Assert.Equal(WorkflowState.Running, status.State);
        Assert.Equal(.45, status.CompletionRatio!.Value, 9);
        Assert.Equal(parent.Id, child.GetStatus().ParentRunId);
        child.Complete();
        Assert.Equal((1L, .5), (parent.GetStatus().CompletedTasks, parent.GetStatus().CompletionRatio!.Value));
        Assert.NotNull(parent.GetStatus().Milestones[0].ReachedAt);
    }

    private void Work(WorkflowStage stage, int tasks, bool timed)
    {
        for (var i = 0; i < tasks; i++)
        {
            using var task = timed ? stage.StartTask() : default;
            _fixture.Advance(2);
            if (timed)
            {
                task.Complete();
            }
            else
            {
                stage.CompleteTask();
            }
        }
    }

    /// <summary>A machine's clock: the timer ticks once a second while it runs, and not at all while it sleeps.</summary>
    private sealed class SleepingProvider : TimeProvider
    {
        private readonly List<(TimerCallback Callback, object? State)> _timers = [];
        private long _seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => _seconds;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddSeconds(_seconds);

        public void Sleep(long seconds) => _seconds += seconds;

        public void Run(int seconds)
        {
            for (var i = 0; i < seconds; i++)
            {
                _seconds++;
                _timers.ForEach(timer => timer.Callback(timer.State));
            }
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _timers.Add((callback, state));
            return new Timer();
        }

        private sealed class Timer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
