namespace ProgressTelemetry.Demo.Scenarios;

/// <summary>
/// Three runs that alerts are for: one stalls and moves on, one gets later than its deadline, one reaches milestone after milestone. At speed 1 the incidents outlast what the
/// shipped alert rules wait for.
/// </summary>
internal sealed class Incidents(ProgressTracker tracker, ServeSettings settings, TimeProvider time) : BackgroundService
{
    public const string Stalling = "nightly-import";
    public const string Late = "quarterly-report";
    public const string Release = "release-train";

    private const double StallTimeoutSeconds = 20;
    private const double SilenceSeconds = 180;
    private const double DeadlineSeconds = 480;
    private const double MilestoneSeconds = 30;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(StallAsync(stoppingToken), BeLateAsync(stoppingToken), ReachMilestonesAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The runs have ended as cancelled.
        }
    }

    /// <summary>Half of the rows, silence, then the rest.</summary>
    private Task StallAsync(CancellationToken stop)
    {
        // However fast the demo runs, a tracker looks once a second.
        var timeout = settings.Scaled(StallTimeoutSeconds);
        var options = new WorkflowRunOptions { StallTimeout = timeout > TimeSpan.FromSeconds(1) ? timeout : TimeSpan.FromSeconds(1), Stages = [new("load", 20)] };
        return tracker.RunAsync(Stalling, async (run, stop) =>
        {
            using var load = run.StartStage("load");
            await CompleteAsync(load, 10, 2, stop);
            await Task.Delay(settings.Scaled(SilenceSeconds), time, stop);
            await CompleteAsync(load, 10, 2, stop);
            load.Complete();
        }, options, stop);
    }

    /// <summary>Its pace says from the beginning that it takes half as long again as it may.</summary>
    private Task BeLateAsync(CancellationToken stop)
    {
        const int Tasks = 60;
        var options = new WorkflowRunOptions
        {
            Deadline = time.GetUtcNow() + settings.Scaled(DeadlineSeconds),
            Stages = [new("aggregate", Tasks)],
        };
        return tracker.RunAsync(Late, async (run, stop) =>
        {
            using var aggregate = run.StartStage("aggregate");
            await CompleteAsync(aggregate, Tasks, DeadlineSeconds * 1.5 / Tasks, stop);
            aggregate.Complete();
        }, options, stop);
    }

    private Task ReachMilestonesAsync(CancellationToken stop)
    {
        var count = settings.Milestones;
        var options = new WorkflowRunOptions
        {
            Milestones = [.. Enumerable.Range(1, count).Select(i => new Milestone($"step {i}", (double)i / count))],
            Stages = [new("roll out", count)],
        };
        return tracker.RunAsync(Release, async (run, stop) =>
        {
            using var rollOut = run.StartStage("roll out");
            await CompleteAsync(rollOut, count, MilestoneSeconds, stop);
            rollOut.Complete();
        }, options, stop);
    }

    private async Task CompleteAsync(WorkflowStage stage, int tasks, double secondsEach, CancellationToken stop)
    {
        for (var i = 0; i < tasks; i++)
        {
            using var task = stage.StartTask();
            await Task.Delay(settings.Scaled(secondsEach), time, stop);
            task.Complete();
        }
    }
}
