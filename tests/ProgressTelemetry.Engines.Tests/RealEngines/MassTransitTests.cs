using System.Diagnostics;
using MassTransit;
using MassTransit.Courier.Contracts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ProgressTelemetry.EnginesTests.Support;

namespace ProgressTelemetry.EnginesTests.RealEngines;

public class MassTransitTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RoutingSlips_OfARealBus_AreRunsWhoeverElseListens(bool isHeardByOthers)
    {
        var processed = 0;
        using var others = new ActivityListener
        {
            ShouldListenTo = source => isHeardByOthers && source.Name == "MassTransit",
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStarted = activity => Interlocked.Add(ref processed, activity.OperationName.EndsWith(" process", StringComparison.Ordinal) ? 1 : 0),
        };
        ActivitySource.AddActivityListener(others);
        using var following = new Following(options => options.Follow(Engines.MassTransit));
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddMassTransit(bus =>
        {
            bus.AddActivity<Alloc, Arguments, Log>();
            bus.AddActivity<Pay, Arguments, Log>();
            bus.AddExecuteActivity<Ship, Arguments>();
            bus.UsingInMemory((context, transport) => transport.ConfigureEndpoints(context));
        });
        using var host = builder.Build();
        await host.StartAsync();
        var bus = host.Services.GetRequiredService<IBus>();
        var (good, bad) = (NewId.NextGuid(), NewId.NextGuid());
        Ship.Go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await bus.Execute(Slip(good, "good"));

        await following.Heard.HeardAsync("stage Ship started");
        var live = following.Status(good.ToString());
        Assert.Equal(["Ship"], live.CurrentStages);
        Ship.Go.SetResult();
        await following.Heard.EndedAsync(1);
        await bus.Execute(Slip(bad, "bad"));

        var ended = await following.Heard.EndedAsync(2);
        await host.StopAsync();
        Assert.All(ended, run => Assert.Equal("routing-slip", run.Workflow));
        var completed = Assert.Single(ended, run => run.RunId == good.ToString());
        Assert.Equal(WorkflowResult.Success, completed.Result);
        Assert.Equal([("Alloc", 1L), ("Pay", 1L), ("Ship", 1L)], completed.Stages.Select(stage => (stage.Name, stage.CompletedTasks)));
        Assert.All(completed.Stages, stage => Assert.Equal(WorkflowResult.Success, stage.Result));
        var faulted = Assert.Single(ended, run => run.RunId == bad.ToString());
        Assert.Equal(WorkflowResult.Failure, faulted.Result);
        Assert.Equal(["Alloc", "Pay", "Ship", "compensate Pay", "compensate Alloc"], faulted.Stages.Select(stage => stage.Name));
        Assert.Equal(WorkflowResult.Failure, faulted.Stages[2].Result);
        Assert.Equal(isHeardByOthers, processed > 0);
        Assert.Equal(isHeardByOthers ? "Alloc_execute process" : null, Alloc.CurrentInside);
        Assert.Equal(0, Following.Errors("adapter_failed"));
    }

    private static RoutingSlip Slip(Guid id, string value)
    {
        var slip = new RoutingSlipBuilder(id);
        foreach (var activity in new[] { "Alloc", "Pay", "Ship" })
        {
            slip.AddActivity(activity, new Uri($"queue:{activity}_execute"), new { Value = value });
        }

        return slip.Build();
    }

    public sealed class Arguments
    {
        public string? Value { get; set; }
    }

    public sealed class Log
    {
        public string? Value { get; set; }
    }

    public class Alloc : IActivity<Arguments, Log>
    {
        public static string? CurrentInside { get; private set; }

        public Task<ExecutionResult> Execute(ExecuteContext<Arguments> context)
        {
            CurrentInside = GetType() == typeof(Alloc) ? System.Diagnostics.Activity.Current?.OperationName : CurrentInside;
            return Task.FromResult(context.Completed(new Log { Value = "x" }));
        }

        public Task<CompensationResult> Compensate(CompensateContext<Log> context) => Task.FromResult(context.Compensated());
    }

    public sealed class Pay : Alloc
    {
    }

    public sealed class Ship : IExecuteActivity<Arguments>
    {
        public static TaskCompletionSource Go { get; set; } = new();

        public async Task<ExecutionResult> Execute(ExecuteContext<Arguments> context)
        {
            await Go.Task.WaitAsync(Following.Patience);
            return context.Arguments.Value == "bad" ? throw new InvalidOperationException("no ship") : context.Completed();
        }
    }
}
