using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.AspNetCore.Tests.Page;

/// <summary>A tracker in the middle of a working day, on a manual clock: runs in every state that the page can show.</summary>
internal static class BusyTracker
{
    public static ProgressTracker Make()
    {
        var clock = new ManualTimeProvider(new DateTimeOffset(2026, 3, 2, 14, 0, 0, TimeSpan.Zero));
        var tracker = new ProgressTracker(timeProvider: clock);
        EndRuns(tracker, clock);
        var (hash, analyse) = StartCatalog(tracker, clock);
        StartPipeline(tracker, clock);
        StartMigration(tracker, clock);
        for (var i = 0; i < 62; i++)
        {
            Work(hash, clock, i % 8 == 0 ? 2 : 1, TimeSpan.FromMilliseconds(180));
            Work(analyse, clock, i % 3 == 0 ? 0 : 1, TimeSpan.FromMilliseconds(700));
        }

        Work(tracker.StartWorkflow("crawl", new WorkflowRunOptions { RunId = "docs-site" }).StartStage("fetch"), clock, 240, TimeSpan.FromMilliseconds(40));
        return tracker;
    }

    private static void StartMigration(ProgressTracker tracker, ManualTimeProvider clock)
    {
        var run = tracker.StartWorkflow("database-migration", new WorkflowRunOptions
        {
            RunId = "migration-0042",
            StallTimeout = TimeSpan.FromSeconds(45),
            Stages = [new PlannedStage("schema", 3), new PlannedStage("copy", 97)],
        });
        using (var schema = run.StartStage("schema"))
        {
            Work(schema, clock, 3, TimeSpan.FromSeconds(3));
            schema.Complete();
        }

        Work(run.StartStage("copy"), clock, 61, TimeSpan.FromSeconds(.5));
    }

    private static void EndRuns(ProgressTracker tracker, ManualTimeProvider clock)
    {
        var good = tracker.StartWorkflow("catalog", new WorkflowRunOptions
        {
            RunId = "catalog-1841",
            Version = "3.1",
            Deadline = clock.GetUtcNow().AddMinutes(4),
            Stages = [new PlannedStage("discover", 1), new PlannedStage("read", 40), new PlannedStage("analyse", 40)],
        });
        foreach (var (name, tasks) in new[] { ("discover", 1), ("read", 40), ("analyse", 40) })
        {
            using var stage = good.StartStage(name);
            Work(stage, clock, tasks, TimeSpan.FromSeconds(1));
            stage.Complete();
        }

        good.Complete();
        var bad = tracker.StartWorkflow("database-migration", new WorkflowRunOptions { RunId = "migration-0041" });
        var copy = bad.StartStage("copy", 97);
        Work(copy, clock, 28, TimeSpan.FromSeconds(1));
        copy.FailTask();
        copy.Fail(new TimeoutException());
        bad.Fail(new TimeoutException());
        var stopped = tracker.StartWorkflow("nightly-export", new WorkflowRunOptions { RunId = "export-2026-03-02" });
        Work(stopped.StartStage("dump", 12), clock, 3, TimeSpan.FromSeconds(2));
        stopped.Cancel();
    }

    private static void StartPipeline(ProgressTracker tracker, ManualTimeProvider clock)
    {
        var run = tracker.StartWorkflow("content-pipeline", new WorkflowRunOptions
        {
            RunId = "spring-campaign",
            Deadline = clock.GetUtcNow().AddSeconds(100),
            Milestones = Milestone.Quarters,
            Stages = [new PlannedStage("engagement-manager", 1), new PlannedStage("content-generation", 5), new PlannedStage("review", 2), new PlannedStage("publishing", 4)],
        });
        using (var stage = run.StartStage("engagement-manager"))
        {
            Work(stage, clock, 1, TimeSpan.FromSeconds(10));
            stage.Complete();
        }

        using (var stage = run.StartStage("content-generation"))
        {
            Work(stage, clock, 5, TimeSpan.FromSeconds(4));
            stage.RecordRevision("tone", "v2");
            stage.RecordItems("platform", 5);
            stage.Complete();
        }

        var review = run.StartStage("review");
        Work(review, clock, 1, TimeSpan.FromSeconds(4));
        review.RecordRevision("claims");
        _ = review.Wait("approval");
    }

    private static (WorkflowStage Hash, WorkflowStage Analyse) StartCatalog(ProgressTracker tracker, ManualTimeProvider clock)
    {
        var run = tracker.StartWorkflow("catalog", new WorkflowRunOptions
        {
            RunId = "catalog-1842",
            Version = "3.1",
            Deadline = clock.GetUtcNow().AddMinutes(9),
            Milestones = [new Milestone("listed", .1), new Milestone("half-way", .5), new Milestone("ready to review", .8), new Milestone("complete", 1)],
            Stages = [new PlannedStage("discover", 120), new PlannedStage("read", 120), new PlannedStage("hash", 120), new PlannedStage("analyse", 120), new PlannedStage("write", 120)],
        });
        var (discover, read) = (run.StartStage("discover"), run.StartStage("read"));
        Work(discover, clock, 120, TimeSpan.FromMilliseconds(100));
        discover.Complete();
        Work(read, clock, 117, TimeSpan.FromMilliseconds(250));
        read.FailTask();
        read.SkipTasks(2);
        read.Complete();
        var (hash, analyse) = (run.StartStage("hash"), run.StartStage("analyse"));
        analyse.RecordItems("source file", 31);
        analyse.RecordItems("document", 10);
        _ = analyse.StartTask("src/Parser.cs");
        _ = analyse.StartTask("src/Lexer.cs");
        return (hash, analyse);
    }

    private static void Work(WorkflowStage stage, ManualTimeProvider clock, int tasks, TimeSpan each)
    {
        for (var i = 0; i < tasks; i++)
        {
            using var task = stage.StartTask();
            clock.Advance(each);
            task.Complete();
        }
    }
}
