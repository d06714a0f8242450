namespace ProgressTelemetry.Demo.Scenarios;

/// <summary>
/// What work is like when it isn't tidy: one run goes on with what was half done before, one has tasks that are tried again, one knows nothing but its percentage, one crashes with tasks in flight. Each again and again.
/// </summary>
internal sealed class EverydayTrouble(ProgressTracker tracker, ServeSettings settings, TimeProvider time) : BackgroundService
{
    public const string Resumed = "photo-backup";
    public const string Retried = "partner-sync";
    public const string Percent = "video-encode";
    public const string Crashed = "schema-migration";

    private const double PauseSeconds = 15;
    private const int Tables = 90;

    /// <summary>Thrown by the crash.</summary>
    private sealed class ConnectionLostException() : IOException("the database closed the connection");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(
                RepeatAsync(ResumeAsync, stoppingToken), RepeatAsync(RetryAsync, stoppingToken), RepeatAsync(EncodeAsync, stoppingToken), RepeatAsync(CrashAsync, stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The runs have ended as cancelled.
        }
    }

    private async Task RepeatAsync(Func<CancellationToken, Task> work, CancellationToken stop)
    {
        while (true)
        {
            await work(stop);
            await Task.Delay(settings.Scaled(PauseSeconds), time, stop);
        }
    }

    /// <summary>Nine tenths of the photos are there from last night: skipped, they are done, and say nothing of the pace.</summary>
    private Task ResumeAsync(CancellationToken stop) => tracker.RunAsync(Resumed, async (run, stop) =>
    {
        const int Photos = 400, There = 360;
        using (var upload = run.StartStage("upload"))
        {
            upload.SkipTasks(There);
            await TasksAsync(upload, Photos - There, secondsEach: 1.5, stop);
            upload.Complete();
        }

        using var verify = run.StartStage("verify");
        await TasksAsync(verify, 20, secondsEach: .5, stop);
        verify.Complete();
    }, new WorkflowRunOptions { Stages = [new("upload", 400), new("verify", 20)], Milestones = Milestone.Quarters }, stop);

    /// <summary>Every fourth partner answers at the third attempt only.</summary>
    private Task RetryAsync(CancellationToken stop) => tracker.RunAsync(Retried, async (run, stop) =>
    {
        using var pull = run.StartStage("pull");
        for (var partner = 1; partner <= 24; partner++)
        {
            using var task = pull.StartTask($"partner {partner}");
            for (var attempt = 1; attempt < 3 && partner % 4 == 0; attempt++)
            {
                await Task.Delay(settings.Scaled(2), time, stop);
                task.Retry(new TimeoutException());
            }

            await Task.Delay(settings.Scaled(3), time, stop);
            task.Complete();
        }

        pull.Complete();
    }, new WorkflowRunOptions { Stages = [new("pull", 24)] }, stop);

    /// <summary>The encoder tells its percentage, and nothing of tasks.</summary>
    private Task EncodeAsync(CancellationToken stop) => tracker.RunAsync(Percent, async (run, stop) =>
    {
        using var encode = run.StartStage("encode");
        var progress = encode.AsPercentProgress();
        for (var percent = 1; percent <= 100; percent++)
        {
            await Task.Delay(settings.Scaled(.9), time, stop);
            progress.Report(percent);
        }

        encode.Complete();
    }, cancellationToken: stop);

    /// <summary>Six workers are at it when the connection is lost after two thirds: what they had in hand is not done, and the last milestones stay unreached.</summary>
    private async Task CrashAsync(CancellationToken stop)
    {
        try
        {
            await tracker.RunAsync(Crashed, (run, stop) => run.StageAsync("convert tables", ConvertAsync, cancellationToken: stop), new WorkflowRunOptions
            {
                Stages = [new("convert tables", Tables), new("rebuild indexes", 12)],
                Milestones = Milestone.Quarters,
            }, stop);
        }
        catch (ConnectionLostException)
        {
            // The run has ended as a failure.
        }
    }

    private Task ConvertAsync(WorkflowStage convert, CancellationToken stop)
    {
        var workers = new ParallelOptions { MaxDegreeOfParallelism = 6, CancellationToken = stop };
        return Parallel.ForEachAsync(Enumerable.Range(1, Tables), workers, async (table, stop) =>
        {
            using var task = convert.StartTask();
            await Task.Delay(settings.Scaled(4 + (table % 3)), time, stop);
            if (table == Tables * 2 / 3)
            {
                throw new ConnectionLostException();
            }

            task.Complete();
        });
    }

    private async Task TasksAsync(WorkflowStage stage, int tasks, double secondsEach, CancellationToken stop)
    {
        for (var i = 0; i < tasks; i++)
        {
            using var task = stage.StartTask();
            await Task.Delay(settings.Scaled(secondsEach), time, stop);
            task.Complete();
        }
    }
}
