using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace ProgressTelemetry.NativeEngines.Tests.Quartz;

/// <summary>A scheduler with its jobs in memory, followed by the one line of set-up. It fires nothing until it is started.</summary>
internal sealed class QuartzFixture : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private QuartzFixture(EngineFixture engine, ServiceProvider services, IScheduler scheduler) => (Engine, _services, Scheduler) = (engine, services, scheduler);

    public EngineFixture Engine { get; }

    public IScheduler Scheduler { get; }

    public static async Task<QuartzFixture> MakeAsync()
    {
        var engine = new EngineFixture();
        var services = new ServiceCollection().AddLogging().AddSingleton(engine.Tracker)
            .AddQuartz(q => q.AddProgressTelemetry().AddProgressTelemetry())
            .BuildServiceProvider();
        var scheduler = await services.GetRequiredService<ISchedulerFactory>().GetScheduler();
        return new QuartzFixture(engine, services, scheduler);
    }

    /// <summary>Schedules a job, at once or after another's trigger.</summary>
    public async Task ScheduleAsync(string name, Func<TriggerBuilder<Work>, TriggerBuilder<Work>>? when = null, params (string Key, object Value)[] data)
    {
        var map = new JobDataMap { ["test"] = Engine.Test };
        Array.ForEach(data, entry => map[entry.Key] = entry.Value);
        var job = JobBuilder.Create<Work>().WithIdentity(name, "etl").UsingJobData(map).Build();
        var trigger = TriggerBuilder.Create<Work>().WithIdentity($"t-{name}", "etl").ForJob(job);
        await Scheduler.ScheduleJob(job, (when?.Invoke(trigger) ?? trigger.StartNow()).Build());
    }

    /// <summary>The id of the only run of a workflow.</summary>
    public async Task<string> RunOfAsync(string workflow)
    {
        string? id = null;
        await Eventually.TrueAsync(
            () => (id = Engine.Tracker.GetActive().Concat(Engine.Tracker.GetRecentlyEnded()).SingleOrDefault(run => run.Workflow == workflow)?.RunId) is not null,
            () => $"no run of {workflow}");
        return id!;
    }

    public async ValueTask DisposeAsync()
    {
        await Scheduler.Shutdown(waitForJobsToComplete: false);
        await _services.DisposeAsync();
        Engine.Dispose();
    }
}
