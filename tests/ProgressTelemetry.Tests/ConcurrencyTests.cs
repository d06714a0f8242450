using System.Collections.Concurrent;
using ProgressTelemetry.Tests.Support;
using Xunit;

namespace ProgressTelemetry.Tests;

/// <summary>Eight threads, five million updates: nothing is lost, nothing is counted twice, in the tracker, in the metrics and in what listeners hear last.</summary>
public class ConcurrencyTests
{
    private const int Threads = 8;
    private const int PerThread = 625_000;
    private const long Total = (long)Threads * PerThread;

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(40, false)]
    [InlineData(40, true)]
    public void CompleteTask_EightThreads_CountsExactly(int stages, bool withListener)
    {
        using var world = new World();
        var listener = new LastWord();
        using var subscription = withListener ? world.Tracker.Subscribe(listener) : null;
        using var run = world.Tracker.StartWorkflow("w", new WorkflowRunOptions { ExpectedTasks = Total, Milestones = Milestone.Quarters });
        var handles = Enumerable.Range(0, stages).Select(i => run.StartStage($"s{i}")).ToArray();
        InParallel(thread =>
        {
            for (var i = 0; i < PerThread; i++)
            {
                handles[(i + thread) % stages].CompleteTask();
            }
        });

        var status = run.GetStatus();
        Assert.Equal(Total, status.CompletedTasks);
        Assert.Equal(1, status.CompletionRatio);
        Assert.All(status.Milestones, m => Assert.NotNull(m.ReachedAt));
        var scrape = world.Probe.Collect();
        Assert.Equal(Total, scrape.Sum("workflow.stage.tasks", ("workflow.task.result", "success")));
        Assert.Equal(4, scrape.Sum("workflow.milestone.reached"));
        run.Complete();
        world.Tracker.Drain();
        Assert.Equal(Total, world.Probe.Collect().Sum("workflow.stage.tasks", ("workflow.task.result", "success")));
        if (withListener)
        {
            Assert.Equal(Total, listener.Completed.Values.Sum());
            Assert.Equal(Total, listener.Final!.CompletedTasks);
            Assert.Equal(["25 %", "50 %", "75 %", "100 %"], listener.Milestones);
            Assert.False(listener.RanBackwards);
        }
    }

    [Fact]
    public void EveryKindOfTask_EightThreads_CountsExactly()
    {
        const int Each = 10_000;
        using var world = new World();
        using var run = world.Tracker.StartWorkflow("w");
        using var stage = run.StartStage("s", Threads * Each * 5);
        InParallel(thread =>
        {
            for (var i = 0; i < Each; i++)
            {
                stage.CompleteTask();
                stage.FailTask();
                stage.SkipTask();
                stage.UpdateTask($"{thread}.{i}", WorkflowTaskState.Completed);
                using var task = stage.StartTask();
                task.Complete();
            }
        });

        var status = run.GetStatus();
        Assert.Equal(Threads * Each * 5, status.CompletedTasks);
        Assert.Equal(1, status.CompletionRatio);
        Assert.Equal(0, status.Stages[0].RunningTasks);
        var scrape = world.Probe.Collect();
        Assert.Equal(Threads * Each * 3, scrape.Sum("workflow.stage.tasks", ("workflow.task.result", "success")));
        Assert.Equal(Threads * Each, scrape.Sum("workflow.stage.tasks", ("workflow.task.result", "failure")));
        Assert.Equal(Threads * Each, scrape.Sum("workflow.stage.tasks", ("workflow.task.result", "skip")));
        Assert.Equal(Threads * Each, scrape.Sum("workflow.task.duration"));
    }

    [Fact]
    public void End_WhileOthersCount_SplitsEveryTaskIntoCountedOrLate()
    {
        for (var round = 0; round < 50; round++)
        {
            using var world = new World();
            using var run = world.Tracker.StartWorkflow("w");
            var stage = run.StartStage("s");
            const int Each = 2_000;
            InParallel(thread =>
            {
                for (var i = 0; i < Each; i++)
                {
                    if (thread == 0 && i == Each / 2)
                    {
                        stage.Complete();
                    }

                    stage.CompleteTask();
                }
            });

            var scrape = world.Probe.Collect();
            var counted = run.GetStatus().CompletedTasks;
            var late = scrape.Sum("progress.tracker.errors", ("error.type", "late_update"));
            Assert.Equal(Threads * Each, counted + late);
            Assert.Equal(counted, scrape.Sum("workflow.stage.tasks", ("workflow.task.result", "success")));
            Assert.Equal(1, scrape.Sum("workflow.stage.duration"));
        }
    }

    [Fact]
    public void Collect_WhileRunsComeAndGo_NeverRunsBackwardsAndEndsExact()
    {
        using var world = new World();
        const int RunsEach = 300;
        using var isOver = new CancellationTokenSource();
        var backwards = new ConcurrentBag<string>();
        var collector = new Thread(() =>
        {
            var before = 0.0;
            while (!isOver.IsCancellationRequested)
            {
                var now = world.Probe.Collect().Sum("workflow.stage.tasks");
                if (now < before)
                {
                    backwards.Add($"{before} -> {now}");
                }

                before = now;
            }
        });
        collector.Start();
        InParallel(thread =>
        {
            for (var i = 0; i < RunsEach; i++)
            {
                using var run = world.Tracker.StartWorkflow($"w{thread % 2}");
                var stage = run.StartStage("s", 10);
                for (var task = 0; task < 10; task++)
                {
                    stage.CompleteTask();
                }

                run.Complete();
            }
        });
        isOver.Cancel();
        collector.Join();
        Assert.Empty(backwards);
        var last = world.Probe.Collect();
        Assert.Equal(Threads * RunsEach * 10, last.Sum("workflow.stage.tasks"));
        Assert.Equal(Threads * RunsEach, last.Sum("workflow.run.duration"));
        Assert.Equal(0, last.Sum("workflow.run.active"));
        Assert.Equal(0, last.Sum("workflow.stage.active"));
    }

    [Fact]
    public void Milestones_ReachedByManyThreads_HaveTheirMoment()
    {
        using var world = new World();
        for (var round = 0; round < 100; round++)
        {
            const int Each = 500;
            using var run = world.Tracker.StartWorkflow("w", new WorkflowRunOptions { ExpectedTasks = Threads * Each, Milestones = [.. Enumerable.Range(1, 100).Select(i => new Milestone($"{i}", i / 100.0))] });
            var stages = Enumerable.Range(0, Threads).Select(i => run.StartStage($"s{i}")).ToArray();
            InParallel(thread =>
            {
                for (var i = 0; i < Each; i++)
                {
                    stages[(thread + i) % Threads].CompleteTask();
                }
            });
            var status = run.GetStatus();
            Assert.All(status.Milestones, m => Assert.InRange(m.ReachedAt!.Value, status.StartedAt, status.AsOf));
            Assert.InRange(status.LastProgressAt, status.StartedAt, status.AsOf);
        }
    }

    private static void InParallel(Action<int> work)
    {
        var failures = new ConcurrentBag<Exception>();
        using var start = new Barrier(Threads);
        var threads = Enumerable.Range(0, Threads).Select(i => new Thread(() =>
        {
            start.SignalAndWait();
            try
            {
                work(i);
            }
            catch (Exception e)
            {
                failures.Add(e);
            }
        })).ToArray();
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        Assert.Empty(failures);
    }

    private sealed class World : IDisposable
    {
        public World()
        {
            var suffix = MetricsProbe.NewSuffix();
            Tracker = new ProgressTracker(null, null, null, null, null, suffix);
            Probe = new MetricsProbe(suffix);
        }

        public ProgressTracker Tracker { get; }

        public MetricsProbe Probe { get; }

        public void Dispose()
        {
            Probe.Dispose();
            Tracker.Dispose();
        }
    }

    private sealed class LastWord : ProgressListener
    {
        public Dictionary<string, long> Completed { get; } = [];

        public List<string> Milestones { get; } = [];

        public WorkflowStatus? Final { get; private set; }

        public bool RanBackwards { get; private set; }

        public override void OnTaskUpdated(WorkflowRun run, TaskUpdate update)
        {
            RanBackwards |= update.CompletedTasks < Completed.GetValueOrDefault(update.Stage);
            Completed[update.Stage] = update.CompletedTasks;
        }

        public override void OnMilestoneReached(WorkflowRun run, MilestoneStatus milestone) => Milestones.Add(milestone.Name);

        public override void OnRunEnded(WorkflowRun run, WorkflowStatus final) => Final = final;
    }
}
