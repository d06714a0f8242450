using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ProgressTelemetry.EnginesTests.Support;
using Quartz;

namespace ProgressTelemetry.EnginesTests.RealEngines;

public class QuartzTests
{
    [Fact]
    public async Task Jobs_OfARealScheduler_AreRunsWithTheirResults()
    {
        using var following = new Following(options => options.Follow(Engines.Quartz));
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddQuartz();
        builder.Services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
        using var host = builder.Build();
        await host.StartAsync();
        var scheduler = await host.Services.GetRequiredService<ISchedulerFactory>().GetScheduler();
        try
        {
            await scheduler.ScheduleJob(JobBuilder.Create<Extract>().WithIdentity("extract", "etl").Build(), TriggerBuilder.Create().StartNow().Build());
            await scheduler.ScheduleJob(JobBuilder.Create<Bad>().WithIdentity("bad", "etl").Build(), TriggerBuilder.Create().StartNow().Build());

            await following.Heard.HeardAsync("stage extract started");
            var live = Assert.Single(following.Tracker.GetActive(), run => run.Workflow == "etl.extract");
            Assert.Equal((WorkflowState.Running, 1L, 0d), (live.State, live.ExpectedTasks, live.CompletionRatio));
            Extract.Go.TrySetResult();

            var ended = await following.Heard.EndedAsync(2);
            Assert.Equal(
                [("etl.bad", WorkflowResult.Failure, 1L), ("etl.extract", WorkflowResult.Success, 1L)],
                ended.Select(run => (run.Workflow, run.Result!.Value, run.CompletedTasks)).Order());
            Assert.NotNull(ended.Single(run => run.Workflow == "etl.bad").ErrorType);
            Assert.Equal(("extract", "etl.extract"), Extract.Inside);
        }
        finally
        {
            await host.StopAsync();
        }
    }

    public sealed class Extract : IJob
    {
        public static TaskCompletionSource Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public static (string? Stage, string? Workflow) Inside { get; private set; }

        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
        {
            Inside = (WorkflowStage.Current?.Name, WorkflowRun.Current?.Workflow);
            await Go.Task.WaitAsync(Following.Patience, cancellationToken);
        }
    }

    public sealed class Bad : IJob
    {
        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => throw new InvalidOperationException("bad input");
    }
}
