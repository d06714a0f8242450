using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.Loader;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using ProgressTelemetry.Runtime;
using ProgressTelemetry.Tests.Support;
using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.Tests.Cases;

/// <summary>Faults of the core that were proven once, each with what is right.</summary>
[Collection(ProcessWideCollection.Name)]
public sealed class CoreCasesTests
{
    [Fact]
    public void Listener_ThatHangs_HoldsUpNeitherSpansNorLogsNorMetrics()
    {
        using var spans = new SpanRecorder();
        using var release = new ManualResetEventSlim();
        using var hanging = new ManualResetEventSlim();
        var listener = new RecordingListener
        {
            Reaction = _ =>
            {
                hanging.Set();
                release.Wait(TimeSpan.FromMinutes(1));
            },
        };
        using var fixture = new TrackerFixture(null, listener);
        var run = fixture.Tracker.StartWorkflow("w");
        Assert.True(hanging.Wait(TimeSpan.FromMinutes(1)));
        run.StartStage("s").Complete();
        run.Complete();
        Assert.Equal(["run w started", "stage s", "run w"], spans.Ended.Select(s => s.DisplayName));
        Assert.Single(fixture.Log.Of("workflow.run.ended"));
        Assert.Equal(0, fixture.Sum("workflow.run.active"));
        release.Set();
    }

    [Fact]
    public void Queue_OfAListenerThatHangs_IsBoundedAndSaysWhatItLost()
    {
        using var release = new ManualResetEventSlim();
        using var hanging = new ManualResetEventSlim();
        var heard = 0;
        var listener = new RecordingListener
        {
            Reaction = _ =>
            {
                hanging.Set();
                release.Wait(TimeSpan.FromMinutes(1));
                heard++;
            },
        };
        using var fixture = new TrackerFixture(null, listener);
        var stage = fixture.Tracker.StartWorkflow("w").StartStage("s");
        Assert.True(hanging.Wait(TimeSpan.FromMinutes(1)));
        for (var i = 0; i < 20_000; i++)
        {
            stage.RecordRevision("again");
        }

        Assert.Equal(20_000, fixture.Sum("workflow.stage.revisions"));
        release.Set();
        fixture.Tracker.Drain();
        Assert.Equal(20_002, heard + fixture.Errors("listener_overflow"));
        Assert.InRange(heard, 8192, 8200);
    }

    [Fact]
    public void Stall_DuringWhichListenersAreBusy_EndsWithTheNextCountedTask()
    {
        using var release = new ManualResetEventSlim();
        var listener = new RecordingListener { Reaction = what => Assert.True(what != "tasks 1" || release.Wait(TimeSpan.FromMinutes(1))) };
        using var fixture = new TrackerFixture(o => o.StallTimeout = TimeSpan.FromSeconds(30), listener);
        var run = fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s");
        stage.CompleteTask();
        fixture.Advance(40);
        Assert.Equal(WorkflowState.Stalled, run.GetStatus().State);
        stage.CompleteTasks(100);
        fixture.Advance(1);
        Assert.Equal(WorkflowState.Running, run.GetStatus().State);
        release.Set();
    }

    [Fact]
    public void Calibrate_WhenTheProcessPausesBetweenTwoReadings_MovesNothing()
    {
        var provider = new PausingProvider();
        var clock = new TrackerClock(provider);
        var before = clock.ToWall(0);
        provider.PauseAtNextWallReading = TimeSpan.FromSeconds(3);
        clock.Calibrate();
        Assert.Equal(before, clock.ToWall(0));
    }

    [Fact]
    public void FromWall_OfTheEndOfTime_IsNeverInThePast()
    {
        var clock = new TrackerClock(new PausingProvider());
        Assert.True(clock.FromWall(DateTimeOffset.MaxValue) > clock.Now);
        Assert.True(clock.FromWall(DateTimeOffset.MinValue) < clock.Now);
        Assert.Equal(long.MaxValue, clock.Add(clock.Now, 1e300));
    }

    [Fact]
    public async Task RunAsync_InsideAnActivity_KeepsItsBaggageAndMakesItCurrentAgain()
    {
        using var spans = new SpanRecorder();
        using var fixture = new TrackerFixture();
        spans.Parent.SetBaggage("tenant", "acme");
        await fixture.Tracker.RunAsync("w", async (run, ct) =>
        {
            Assert.Equal("acme", Activity.Current!.GetBaggageItem("tenant"));
            Assert.Same(run, WorkflowRun.Current);
            await run.StageAsync("s", (stage, _) =>
            {
                Assert.Same(stage, WorkflowStage.Current);
                Assert.Equal("acme", Activity.Current!.GetBaggageItem("tenant"));
                return Task.CompletedTask;
            }, cancellationToken: ct);
            Assert.Null(WorkflowStage.Current);
            run.Complete();

            // What saves the result is of the caller's trace, not of a new one.
            Assert.Same(spans.Parent, Activity.Current);
        });
        Assert.Same(spans.Parent, Activity.Current);
        Assert.Null(WorkflowRun.Current);
    }

    [Fact]
    public void Collect_ByTwoReadersWhileMetersAreRetired_SeesNoLabelSetTwice()
    {
        var suffix = MetricsProbe.NewSuffix();
        var clock = new ManualTimeProvider();
        using var tracker = new ProgressTracker(new ProgressTrackingOptions { MinShownRunAge = TimeSpan.Zero, EndedRunRetention = TimeSpan.FromSeconds(2) }, clock, null, null, null, suffix);
        List<Metric> first = [], second = [];
        using var provider = Sdk.CreateMeterProviderBuilder().AddMeter("ProgressTelemetry.Runs" + suffix).AddInMemoryExporter(first).AddInMemoryExporter(second).Build();
        var kept = tracker.StartWorkflow("kept", new() { RunId = "kept" });
        var meters = 0;
        for (var wave = 0; wave < 40; wave++)
        {
            for (var i = 0; i < 100; i++)
            {
                tracker.StartWorkflow("w", new() { Stages = [new("a", 1), new("b", 1)] }).Complete();
            }

            kept.UpdateTask($"t{wave}", WorkflowTaskState.Completed);
            clock.Advance(TimeSpan.FromSeconds(5));
            first.Clear();
            second.Clear();
            provider.ForceFlush();
            foreach (var exported in new[] { first, second })
            {
                var series = new Scrape(exported).All;
                Assert.DoesNotContain(series, s => s.Labels.ContainsKey("otel.metric.overflow"));
                var twice = series.GroupBy(s => s.Name + string.Join(',', s.Labels.Select(l => l.Key + "=" + l.Value))).Where(g => g.Count() > 1);
                Assert.Empty(twice.Select(g => g.Key));
                Assert.Single(series, s => s.Name == "workflow.run.state" && s["workflow.run.id"] == "kept");
            }

            meters = Math.Max(meters, tracker.Shown.Groups.Max(g => g.Count));
        }

        // Twelve thousand label sets of stages went through meters of 1,900 each; few of them exist at once.
        Assert.InRange(meters, 2, 32);
        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.True(tracker.Shown.Groups.Sum(g => g.Count) < 12, "meters whose runs have all gone are retired");
    }

    [Fact]
    public void Dispose_ThenNothingIsPublished()
    {
        using var fixture = new TrackerFixture(o => o.MinShownRunAge = TimeSpan.Zero);
        fixture.Tracker.StartWorkflow("w");
        Assert.NotEmpty(fixture.Collect());
        fixture.Tracker.Dispose();
        fixture.Tracker.StartWorkflow("late");
        fixture.Advance(10);
        Assert.Empty(fixture.Collect());
    }

    [Fact]
    public void EndedRuns_WhenNobodyAsks_AreForgottenByTheTimer()
    {
        using var fixture = new TrackerFixture(o => o.EndedRunRetention = TimeSpan.FromSeconds(1));
        var weak = Ended(fixture, 20);
        fixture.Advance(3);
        fixture.Tracker.Drain();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.InRange(weak.Count(w => w.TryGetTarget(out _)), 0, 1);

        static List<WeakReference<LiveRun>> Ended(TrackerFixture fixture, int count) => [.. Enumerable.Range(0, count).Select(_ =>
        {
            var run = fixture.Tracker.StartWorkflow("w");
            run.Complete();
            return new WeakReference<LiveRun>(run.Live);
        })];
    }

    [Fact]
    public void DefinitionsFolded_AreCountedOnceANameHoweverOftenIsCollected()
    {
        using var fixture = new TrackerFixture(o => o.MaxDefinitions = 2);
        var run = fixture.Tracker.StartWorkflow("w");
        foreach (var stage in new[] { "a", "b", "c", "d" })
        {
            run.StartStage(stage).CompleteTask();
        }

        run.StartStage("c").FailTask();
        Assert.Equal(2, fixture.Errors("definition_folded"));
        fixture.Collect();
        Assert.Equal(2, fixture.Errors("definition_folded"));
        Assert.Equal(5, fixture.Sum("workflow.stage.tasks"));
    }

    [Fact]
    public void UnplannedStage_OfUnknownSize_LeavesWhatIsKnownKnown()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w", new() { Stages = [new("load", 4)], Milestones = [new("half", .5)] });
        var load = run.StartStage("load");
        load.CompleteTasks(2);
        Assert.Equal(.5, run.GetStatus().CompletionRatio);
        var extra = run.StartStage("extra");
        extra.CompleteTasks(3);
        var status = run.GetStatus();
        Assert.Equal((5L, 8L), (status.CompletedTasks, status.ExpectedTasks!.Value));
        Assert.Null(status.Stages[1].CompletionRatio);
        load.Complete();
        extra.Complete();
        Assert.Equal(1, run.GetStatus().CompletionRatio);
    }

    [Fact]
    public void Overloads_OfNullValueTasksAndAwaitUsing_Compile()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s", 5);
        stage.FailTasks(2);
        stage.StartTask().Fail(new TimeoutException());
        stage.Fail(null);
        run.Fail(null);
        Assert.Equal(("failure", 3L), (run.GetStatus().ErrorType, run.GetStatus().Stages[0].FailedTasks));
        Assert.Equal(1, fixture.Sum("workflow.stage.tasks", ("workflow.task.result", "timeout")));
    }

    [Fact]
    public async Task Bodies_OfValueTasks_RunAndAreDisposedAsynchronously()
    {
        using var fixture = new TrackerFixture();
        await fixture.Tracker.RunAsync("w", Body, new() { RunId = "r" });
        await using (var run = fixture.Tracker.StartWorkflow("w", new() { RunId = "left" }))
        await using (run.StartStage("s"))
        {
        }

        Assert.Equal(WorkflowResult.Success, fixture.Tracker.GetStatus("r")!.Result);
        Assert.Equal(WorkflowResult.Abandoned, fixture.Tracker.GetStatus("left")!.Result);

        static ValueTask Body(WorkflowRun run, CancellationToken stop) => ValueTask.CompletedTask;
    }

    [Fact]
    public void Trackers_OfTwoLoadContexts_HaveSeriesOfTheirOwn()
    {
        using var here = new ProgressTracker();
        var context = new AssemblyLoadContext("copy", isCollectible: true);
        var copy = context.LoadFromAssemblyPath(typeof(ProgressTracker).Assembly.Location);
        List<string?> instances = [];
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == "ProgressTelemetry" && instrument.Name == "workflow.run.active")
                {
                    instances.Add(instrument.Meter.Tags?.FirstOrDefault(t => t.Key == "progress.tracker.instance").Value as string);
                }
            },
        };
        meters.Start();
        using var there = (IDisposable)Activator.CreateInstance(
            copy.GetType(typeof(ProgressTracker).FullName!)!, BindingFlags.Public | BindingFlags.Instance | BindingFlags.OptionalParamBinding, null, [Type.Missing, Type.Missing, Type.Missing, Type.Missing, Type.Missing, Type.Missing], null)!;
        Assert.Equal(instances.Count, instances.Distinct().Count());
        Assert.True(instances.Count >= 2);
    }

    private sealed class PausingProvider : TimeProvider
    {
        private TimeSpan _passed = TimeSpan.FromDays(1);

        public TimeSpan PauseAtNextWallReading { get; set; }

        public override long TimestampFrequency => 1_000_000_000;

        public override long GetTimestamp() => _passed.Ticks * 100;

        public override DateTimeOffset GetUtcNow()
        {
            // Read late: the monotonic clock was read before the pause, the wall clock after it.
            _passed += PauseAtNextWallReading;
            PauseAtNextWallReading = TimeSpan.Zero;
            return DateTimeOffset.UnixEpoch + _passed;
        }
    }
}
