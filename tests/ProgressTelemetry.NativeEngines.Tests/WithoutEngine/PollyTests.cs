using Microsoft.Extensions.Logging.Abstractions;
using Polly;
using Polly.Retry;
using Polly.Telemetry;

namespace ProgressTelemetry.NativeEngines.Tests.WithoutEngine;

public sealed class PollyTests : IDisposable
{
    private readonly EngineFixture _engine = new();
    private readonly ResiliencePipeline _pipeline = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions { MaxRetryAttempts = 3, Delay = TimeSpan.Zero })
        .ConfigureTelemetry(new TelemetryOptions { LoggerFactory = NullLoggerFactory.Instance }.AddProgressTelemetry().AddProgressTelemetry())
        .Build();

    [Fact]
    public async Task Retry_InAStage_IsARevisionOfIt()
    {
        await _engine.Tracker.RunAsync(
            "import",
            (run, _) => run.StageAsync("load", async (stage, _) => await _pipeline.ExecuteAsync(async _ => await FlakyAsync())),
            new WorkflowRunOptions { RunId = "run" });

        Assert.Equal((2L, WorkflowResult.Success), (_engine.Tracker.GetStatus("run")!.Stages[0].Revisions, _engine.Tracker.GetStatus("run")!.Result!.Value));
    }

    [Fact]
    public async Task Retry_OfATask_IsAFailedAttemptOfIt()
    {
        using var stage = _engine.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "run" }).StartStage("load", 1);
        using var task = stage.StartTask();
        var context = ResilienceContextPool.Shared.Get();
        context.SetProgressTask(task);
        await _pipeline.ExecuteAsync(async _ => await FlakyAsync(), context);
        task.Complete();

        var status = _engine.Tracker.GetStatus("run")!.Stages[0];
        Assert.Equal((1L, 2L, 0L), (status.CompletedTasks, status.FailedAttempts, status.Revisions));
    }

    [Fact]
    public async Task Retry_OutsideOfAnyStage_IsNoMatter()
    {
        await _pipeline.ExecuteAsync(async _ => await FlakyAsync());
        Assert.Empty(_engine.Errors);
    }

    public void Dispose() => _engine.Dispose();

    private ValueTask FlakyAsync() => Attempts.Next(_engine.Test) <= 2 ? ValueTask.FromException(new FormatException("flaky")) : ValueTask.CompletedTask;
}
