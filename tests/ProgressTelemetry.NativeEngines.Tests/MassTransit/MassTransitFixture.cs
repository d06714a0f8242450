using MassTransit;
using MassTransit.Courier.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace ProgressTelemetry.NativeEngines.Tests.MassTransit;

/// <summary>A bus with a transport in memory, a job consumer, a state machine and activities, followed by the one line of set-up.</summary>
internal sealed class MassTransitFixture : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private MassTransitFixture(EngineFixture engine, ServiceProvider services) => (Engine, _services, Bus) = (engine, services, services.GetRequiredService<IBusControl>());

    public EngineFixture Engine { get; }

    public IBusControl Bus { get; }

    /// <param name="retryAfter">The time between two attempts at a job.</param>
    /// <param name="isFollowed">Whether the tracker follows the bus.</param>
    /// <param name="store">What the tracker shares its runs through.</param>
    /// <param name="passOn">Where routing slips go that are addressed to <c>elsewhere</c>.</param>
    public static async Task<MassTransitFixture> StartAsync(TimeSpan retryAfter, bool isFollowed = true, IRunStore? store = null, Func<RoutingSlip, Task>? passOn = null)
    {
        var engine = new EngineFixture(store);
        var services = new ServiceCollection().AddLogging().AddSingleton(engine.Tracker).AddMassTransit(x =>
        {
            x.AddDelayedMessageScheduler();
            x.AddConsumer<ConvertConsumer>(c => c.Options<JobOptions<Convert>>(o => o.SetRetry(r => r.Interval(1, retryAfter)).SetProgressBuffer(1).SetConcurrentJobLimit(4)));
            x.AddSagaStateMachine<OrderStateMachine, Order>();
            x.AddActivity<Reserve, Leg, LegLog>();
            x.AddExecuteActivity<Charge, Leg>((_, charge) => charge.UseRetry(r => r.Immediate(1)));
            x.SetInMemorySagaRepositoryProvider();
            x.AddJobSagaStateMachines();
            x.UsingInMemory((context, cfg) =>
            {
                if (isFollowed)
                {
                    cfg.UseProgressTelemetry(context);
                }

                cfg.UseDelayedMessageScheduler();
                cfg.ReceiveEndpoint("elsewhere", elsewhere =>
                {
                    if (passOn is null)
                    {
                        elsewhere.ExecuteActivityHost<Charge, Leg>(context);
                    }
                    else
                    {
                        elsewhere.Handler<RoutingSlip>(slip => passOn(slip.Message));
                    }
                });
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

    /// <summary>A routing slip: seats and meals are reserved, and can be undone; all else is charged.</summary>
    public RoutingSlipBuilder Slip(params (string Name, Leg Leg)[] legs)
    {
        var slip = new RoutingSlipBuilder(NewId.NextGuid());
        foreach (var (name, leg) in legs)
        {
            leg.Test = Engine.Test;
            slip.AddActivity(name, new Uri(name == "Elsewhere" ? "queue:nowhere" : name is "Seat" or "Meal" ? "queue:Reserve_execute" : "queue:Charge_execute"), leg);
        }

        return slip;
    }

    /// <summary>Sends a routing slip off; its tracking number is its run's id.</summary>
    public async Task<string> SendAsync(RoutingSlipBuilder builder)
    {
        var slip = builder.Build();
        await Bus.Execute(slip).Within();
        return slip.TrackingNumber.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await Bus.StopAsync().Within();
        await _services.DisposeAsync();
        Engine.Dispose();
    }
}
