namespace ProgressTelemetry.Demo.Scenarios;

/// <summary>Many short runs: more than the metrics SDK has label sets for, so a tracker that gave each of them a series would overflow.</summary>
internal sealed partial class Flood(ProgressTracker tracker, ServeSettings settings, TimeProvider time, ILogger<Flood> logger) : BackgroundService
{
    public const string Workflow = "flood";
    public const int Runs = 2500;
    public const int TasksPerRun = 4;

    private const int AtOnce = 10;
    private const double RunSeconds = .08;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stoppingToken };
            await Parallel.ForEachAsync(Enumerable.Range(0, Runs), options, async (_, stop) => await RunAsync(stop));
            LogDone(Runs, Runs * TasksPerRun);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The runs that were alive have ended as cancelled.
        }
    }

    private Task RunAsync(CancellationToken stop) => tracker.RunAsync(
        Workflow,
        async (run, stop) =>
        {
            using var stage = run.StartStage("burst", TasksPerRun);
            await Task.Delay(settings.Scaled(RunSeconds), time, stop);
            stage.CompleteTasks(TasksPerRun);
            stage.Complete();
        },
        cancellationToken: stop);

    [LoggerMessage(EventName = "demo.flood.done", Level = LogLevel.Information, Message = "The flood is over: {Runs} runs, {Tasks} tasks.")]
    private partial void LogDone(int runs, int tasks);
}
