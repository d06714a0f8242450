namespace ProgressTelemetry.Demo.Scenarios;

/// <summary>One process's share of a run that several processes work on under the same id; each knows the whole's size and completes only its own tasks.</summary>
internal sealed class JoinedRun(ProgressTracker tracker, ServeSettings settings, TimeProvider time) : BackgroundService
{
    public const string Workflow = "shared-index";
    public const int Tasks = 600;

    /// <summary>One process alone takes two minutes at speed 1.</summary>
    private const double TaskSeconds = .2;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var options = new WorkflowRunOptions { RunId = settings.RunId, ExpectedTasks = Tasks, IsShared = true };
        try
        {
            await tracker.RunAsync(Workflow, IndexAsync, options, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The run has ended as cancelled in this process.
        }
    }

    private async Task IndexAsync(WorkflowRun run, CancellationToken stop)
    {
        var own = Enumerable.Range(0, Tasks).Count(settings.Share.Has);
        using var stage = run.StartStage("index");
        for (var i = 0; i < own; i++)
        {
            await Task.Delay(settings.Scaled(TaskSeconds), time, stop);
            stage.CompleteTask();
        }

        stage.Complete();
    }
}
