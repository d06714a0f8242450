using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace ProgressTelemetry.NativeEngines.Tests.MassTransit;

/// <summary>A bus with a transport in memory, a job consumer and a state machine, followed by the one line of set-up.</summary>
internal sealed class MassTransitFixture : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private MassTransitFixture(EngineFixture engine, ServiceProvider services) => (Engine, _services, Bus) = (engine, services, services.GetRequiredService<IBusControl>());

    public EngineFixture Engine { get; }

    public IBusControl Bus { get; }

    public static async Task<MassTransitFixture> StartAsync(TimeSpan retryAfter, bool isFollowed = true)
    {
        var engine = new EngineFixture();
        var services = new ServiceCollection().AddLogging().AddSingleton(engine.Tracker).AddMassTransit(x =>
        {
            x.AddDelayedMessageScheduler();
            x.AddConsumer<ConvertConsumer>(c => c.Options<JobOptions<Convert>>(o => o.SetRetry(r => r.Interval(1, retryAfter)).SetProgressBuffer(1).SetConcurrentJobLimit(4)));
            x.AddSagaStateMachine<OrderStateMachine, Order>();
            x.SetInMemorySagaRepositoryProvider();
            x.AddJobSagaStateMachines();
            x.UsingInMemory((context, cfg) =>
            {
                if (isFollowed)
                {
                    cfg.UseProgressTelemetry(context);
                }

                cfg.UseDelayedMessageScheduler();
                cfg.ConfigureEndpoints(context);
            });
        }).BuildServiceProvider();
        var fixture = new MassTransitFixture(engine, services);
        await fixture.Bus.StartAsync();
        return fixture;
    }

    /// <summary>Submits a job; its id is its run's.</summary>
    public async Task<string> SubmitAsync(string name, int failures = 0, int done = 0, int of = 0) =>
        (await Bus.SubmitJob(new Convert(Engine.Test, name, failures, done, of), CancellationToken.None).Within()).ToString();

    public async ValueTask DisposeAsync()
    {
        await Bus.StopAsync().Within();
        await _services.DisposeAsync();
        Engine.Dispose();
    }
}
