using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.AspNetCore.Tests.Page;

/// <summary>A tracker with 10,000 runs of five workflows, on a manual clock: 9,900 live, some of them stalled or late, and 100 ended.</summary>
internal static class ManyRuns
{
    public const int Count = 10_000;
    public const int Ended = 100;
    public const int Stalled = 7;

    private static readonly string[] Workflows = ["orders", "invoices", "returns", "price-import", "catalog-export"];
    private static readonly string[] Stages = ["receive", "check", "enrich", "book", "notify"];

    public static ProgressTracker Make()
    {
        var clock = new ManualTimeProvider(new DateTimeOffset(2026, 3, 2, 14, 0, 0, TimeSpan.Zero));
        var tracker = new ProgressTracker(timeProvider: clock);
        for (var i = 0; i < Count; i++)
        {
            // Seven of the earliest fall silent for longer than they may; the others may be silent for a day.
            var isStalled = i % 700 == 3 && i < Stalled * 700;
            var run = tracker.StartWorkflow(Workflows[i % Workflows.Length], new WorkflowRunOptions
            {
                RunId = $"order-{i:D5}",
                StallTimeout = isStalled ? TimeSpan.FromMinutes(1) : TimeSpan.FromDays(1),
                Deadline = i % 900 == 5 ? clock.GetUtcNow().AddMinutes(1) : null,
                Stages = [.. Stages.Select(stage => new PlannedStage(stage, 20))],
            });
            Work(run, i);
            if (i >= Count - Ended)
            {
                End(run, i);
            }

            clock.Advance(TimeSpan.FromMilliseconds(20));
        }

        clock.Advance(TimeSpan.FromMinutes(2));
        return tracker;
    }

    private static void Work(WorkflowRun run, int i)
    {
        for (var stage = 0; stage <= i % Stages.Length; stage++)
        {
            using var current = run.StartStage(Stages[stage]);
            var isLast = stage == i % Stages.Length;
            current.CompleteTasks(isLast ? i % 20 : 20);
            if (!isLast)
            {
                current.Complete();
            }
        }
    }

    private static void End(WorkflowRun run, int i)
    {
        if (i / Workflows.Length % 2 == 0)
        {
            run.Fail("Refused");
        }
        else
        {
            run.Complete();
        }
    }
}
