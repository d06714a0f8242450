using System.Collections.Concurrent;
using Hangfire;
using Microsoft.Agents.AI.Workflows;
using Microsoft.Extensions.DependencyInjection;
using ProgressTelemetry.NativeEngines.Tests.Hangfire;
using ProgressTelemetry.NativeEngines.Tests.MassTransit;
using ProgressTelemetry.NativeEngines.Tests.Quartz;
using Quartz;
using WorkflowCore.Interface;
using WorkflowCore.Models;

namespace ProgressTelemetry.NativeEngines.Tests;

/// <summary>Names that engines' users make of ids and numbers, one for each run: labels stay few.</summary>
[Collection(HangfireCollection.Name)]
public sealed class NamesTests
{
    private const int Runs = 10_000;

    /// <summary>200, and <c>_other</c>.</summary>
    private const int Most = 201;

    [Fact]
    public async Task AgentWorkflows_OfTenThousandNames_MakeFewNames()
    {
        using var engine = new EngineFixture();
        using var names = Names.Of(engine);
        for (var i = 0; i < Runs; i++)
        {
            var first = new Echo($"step-{i}_{Guid.NewGuid():N}");
            var workflow = new WorkflowBuilder(first).WithName($"import {i} of {Guid.NewGuid()}").Build();
            await foreach (var happened in Events(first.Id).TrackProgress(engine.Tracker, workflow, $"run {i}"))
            {
                Assert.NotNull(happened);
            }

            await names.HeardAsync(i + 1);
        }

        await names.AssertFewAsync(Runs);
    }

    [Fact]
    public async Task QuartzJobs_OfTenThousandNames_MakeFewNames()
    {
        await using var quartz = await QuartzFixture.MakeAsync();
        using var names = Names.Of(quartz.Engine);
        await quartz.Scheduler.Start();
        for (var i = 0; i < Runs; i++)
        {
            var job = JobBuilder.Create<Nothing>().WithIdentity($"import-{i}-{Guid.NewGuid()}", $"etl-{Guid.NewGuid():N}").Build();
            await quartz.Scheduler.ScheduleJob(job, TriggerBuilder.Create<Nothing>().StartNow().Build());
            await names.HeardAsync(i + 1);
        }

        await names.AssertFewAsync(Runs);
    }

    [Fact]
    public async Task RecurringJobs_OfManyNames_MakeFewNames()
    {
        const int Jobs = 1_000;
        using var hangfire = new HangfireFixture();
        using var names = Names.Of(hangfire.Engine);
        var recurring = new RecurringJobManager(hangfire.Storage);
        for (var i = 0; i < Jobs; i++)
        {
            var id = $"import {i} of {Guid.NewGuid()}";
            recurring.AddOrUpdate(id, () => Etl.Report(hangfire.Engine.Test), Cron.Never());
            recurring.TriggerJob(id);
            await names.HeardAsync(i + 1);
        }

        await names.AssertFewAsync(Jobs);
    }

    [Fact]
    public async Task RoutingSlips_OfManyNames_MakeFewNames()
    {
        const int slips = 1_000;
        await using var bus = await MassTransitFixture.StartAsync(TimeSpan.FromSeconds(1));
        using var names = Names.Of(bus.Engine);
        for (var i = 0; i < slips; i++)
        {
            var name = $"seat {i} of {Guid.NewGuid()}";
            bus.Engine.Gate(name).Open();
            await bus.SendAsync(bus.Slip((name, new())));
            await names.HeardAsync(i + 1);
        }

        await names.AssertFewAsync(slips);
    }

    [Fact]
    public async Task WorkflowCoreDefinitions_OfManyNames_MakeFewNames()
    {
        const int Definitions = 1_000;
        using var engine = new EngineFixture();
        using var names = Names.Of(engine);
        await using var services = new ServiceCollection().AddLogging().AddSingleton(engine.Tracker)
            .AddWorkflow(options => options.UsePollInterval(TimeSpan.FromMilliseconds(100)))
            .AddWorkflowProgressTelemetry()
            .BuildServiceProvider();
        var host = services.GetRequiredService<IWorkflowHost>();
        await host.StartAsync(CancellationToken.None);
        for (var i = 0; i < Definitions; i++)
        {
            var definition = new Numbered($"import {i} of {Guid.NewGuid()}", $"load-{i}-{Guid.NewGuid():N}");
            host.Registry.RegisterWorkflow(definition);
            await host.StartWorkflow(definition.Id);
            await names.HeardAsync(i + 1);
        }

        await names.AssertFewAsync(Definitions);
        await host.StopAsync(CancellationToken.None);
    }

    private static async IAsyncEnumerable<WorkflowEvent> Events(string executor)
    {
        yield return new ExecutorInvokedEvent(executor, "message");
        await Task.CompletedTask;
        yield return new ExecutorCompletedEvent(executor, "result");
    }

    /// <summary>Collects the names of a tracker's workflows and stages.</summary>
    private sealed class Names : ProgressListener, IDisposable
    {
        private readonly ConcurrentDictionary<string, bool> _workflows = new(StringComparer.Ordinal);
        private readonly ConcurrentDictionary<string, bool> _stages = new(StringComparer.Ordinal);
        private EngineFixture _engine = null!;
        private IDisposable _subscription = null!;
        private int _runs;

        public override bool HearsTasks => false;

        public static Names Of(EngineFixture engine)
        {
            var names = new Names { _engine = engine };
            names._subscription = engine.Tracker.Subscribe(names);
            return names;
        }

        public override void OnRunStarted(WorkflowRun run)
        {
            _workflows[run.Workflow] = true;
            Interlocked.Increment(ref _runs);
        }

        public override void OnStageStarted(WorkflowStage stage) => _stages[stage.Name] = true;

        /// <summary>Waits, after each hundred runs, until all were heard of: what listeners have not heard yet is bounded, and lost beyond.</summary>
        public async Task HeardAsync(int runs)
        {
            if (runs % 100 == 0)
            {
                await Eventually.TrueAsync(() => Volatile.Read(ref _runs) == runs, () => $"{Volatile.Read(ref _runs)} runs of {runs}");
            }
        }

        public async Task AssertFewAsync(int runs)
        {
            await _engine.Tracker.DrainAsync().Within();
            Assert.Equal(runs, Volatile.Read(ref _runs));
            Assert.InRange(_workflows.Count, 1, Most);
            Assert.InRange(_stages.Count, 1, Most);
            Assert.All(_workflows.Keys.Concat(_stages.Keys), name => Assert.DoesNotMatch("[0-9a-f]{8}-|[0-9a-f]{32}", name));

            // That names were folded into one is said, and nothing else went wrong.
            Assert.All(_engine.Errors, error => Assert.Contains("definition_folded", error, StringComparison.Ordinal));
        }

        public void Dispose() => _subscription.Dispose();
    }

    private sealed class Numbered(string id, string step) : global::WorkflowCore.Interface.IWorkflow
    {
        public string Id => id;

        public int Version => 1;

        public void Build(IWorkflowBuilder<object> builder) => builder.StartWith(_ => ExecutionResult.Next()).Name(step);
    }

    private sealed class Echo(string id) : Executor<string>(id)
    {
        public override ValueTask HandleAsync(string message, IWorkflowContext context, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }

    private sealed class Nothing : global::Quartz.IJob
    {
        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }
}
