using ProgressTelemetry.Demo.Pipelines.Catalog;
using ProgressTelemetry.Demo.Pipelines.Content;

namespace ProgressTelemetry.Demo.Scenarios;

/// <summary>Keeps both pipelines going, each again and again.</summary>
internal sealed partial class ContinuousWork(ProgressTracker tracker, ServeSettings settings, TimeProvider time, ILogger<ContinuousWork> logger) : BackgroundService
{
    private const double CatalogSeconds = 75;
    private const double CatalogDeadlineSeconds = 120;
    private const double ContentDeadlineSeconds = 150;
    private const double PauseSeconds = 4;

    private readonly DirectoryInfo _outbox = Directory.CreateTempSubdirectory("progress-demo-");

    public override void Dispose()
    {
        base.Dispose();
        if (Directory.Exists(_outbox.FullName))
        {
            _outbox.Delete(recursive: true);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        RepeatAsync(CatalogAsync, stoppingToken),
        RepeatAsync(PublishAsync, stoppingToken));

    private async Task RepeatAsync(Func<int, CancellationToken, Task> work, CancellationToken stop)
    {
        try
        {
            for (var round = 0; ; round++)
            {
                try
                {
                    await work(round, stop);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    // The run has ended as a failure; a full disk may have room again for the next one.
                    LogFailed(e.Message);
                }

                await Task.Delay(settings.Scaled(PauseSeconds), time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped between or within runs; those have ended as cancelled.
        }
    }

    private async Task CatalogAsync(int round, CancellationToken stop)
    {
        var options = new CatalogOptions
        {
            Folder = settings.Folder,
            Output = Path.Combine(_outbox.FullName, "catalog.csv"),
            Excluded = [".git", "bin", "obj"],
            Duration = settings.Scaled(CatalogSeconds),
            Deadline = settings.Scaled(CatalogDeadlineSeconds),
        };
        using var run = tracker.StartWorkflow(CatalogPipeline.Workflow, CatalogPipeline.RunOptions(options, time.GetUtcNow()));
        await new CatalogPipeline(options, time).RunAsync(run, stop);
    }

    private async Task PublishAsync(int round, CancellationToken stop)
    {
        var brief = Brief.All[round % Brief.All.Count];
        var pipeline = new ContentPipeline(tracker, time, settings.Scaled(1), _outbox.FullName);
        await pipeline.RunAsync(brief, time.GetUtcNow() + settings.Scaled(ContentDeadlineSeconds), stop);
    }

    [LoggerMessage(EventName = "demo.run.failed", Level = LogLevel.Warning, Message = "A run failed: {Reason}")]
    private partial void LogFailed(string reason);
}
