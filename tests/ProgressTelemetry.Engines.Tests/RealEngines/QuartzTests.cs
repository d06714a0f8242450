using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
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

    [Theory]
    [InlineData("source is added", "Quartz.Job.Execute")]
    [InlineData("source is left out", null)]
    [InlineData("metrics only", null)]
    public async Task UsersSpans_InRealJobs_AreAllExported(string form, string? parent)
    {
        const int Jobs = 20;
        var exported = new List<Activity>();
        using var user = new ActivitySource("Test.User");
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddQuartz();
        builder.Services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
        var telemetry = builder.Services.AddOpenTelemetry().WithTracing(traces => traces.AddSource("Test.User").SetSampler(new ParentBasedSampler(new AlwaysOnSampler())).AddInMemoryExporter(exported));
        _ = form switch
        {
            "source is added" => telemetry.AddProgressTracking(options => options.Follow(Engines.Quartz)),
            "source is left out" => telemetry.AddProgressTracking(options => options.FollowEngines().WithoutEngineSpans()),
            _ => telemetry.WithMetrics(metrics => metrics.AddProgressTracking(options => options.FollowEngines())),
        };
        using var host = builder.Build();
        await host.StartAsync();
        var heard = new HeardRuns();
        using var subscription = host.Services.GetRequiredService<ProgressTracker>().Subscribe(heard);
        var scheduler = await host.Services.GetRequiredService<ISchedulerFactory>().GetScheduler();
        Calling.User = user;
        for (var i = 0; i < Jobs; i++)
        {
            await scheduler.ScheduleJob(JobBuilder.Create<Calling>().WithIdentity($"call-{i}", "etl").Build(), TriggerBuilder.Create().StartNow().Build());
        }

        var ended = await heard.EndedAsync(Jobs);
        host.Services.GetRequiredService<TracerProvider>().ForceFlush();
        await host.StopAsync();

        Assert.All(ended, run => Assert.Equal(("etl.call", WorkflowResult.Success), (run.Workflow, run.Result)));
        var calls = exported.Where(span => span.Source.Name == "Test.User").ToList();
        Assert.Equal(Jobs, calls.Count);
        Assert.All(calls, call => Assert.Equal(parent, exported.FirstOrDefault(span => span.SpanId == call.ParentSpanId)?.OperationName));
        Assert.All(calls, call => Assert.Equal(parent is null, call.ParentSpanId == default));
    }

    public sealed class Calling : IJob
    {
        public static ActivitySource User { get; set; } = new("Test.None");

        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
        {
            User.StartActivity("http", ActivityKind.Client)?.Dispose();
            return ValueTask.CompletedTask;
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
