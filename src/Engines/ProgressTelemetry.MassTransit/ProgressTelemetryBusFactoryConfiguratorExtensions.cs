using Microsoft.Extensions.DependencyInjection;
using ProgressTelemetry;
using ProgressTelemetry.MassTransit;

namespace MassTransit;

/// <summary>Follows MassTransit's job consumers, saga state machines and routing slips.</summary>
public static class ProgressTelemetryBusFactoryConfiguratorExtensions
{
    /// <summary>
    /// Has the tracker of <c>AddProgressTracking</c> follow the bus's job consumers, saga state machines and routing slips: a job, with its attempts, is a run; an instance of a state machine is a run, and its states are the stages; a slip is a run, and its activities are the stages. It is to be said before
    /// the endpoints are configured: <c>x.UsingRabbitMq((context, cfg) => { cfg.UseProgressTelemetry(context); cfg.ConfigureEndpoints(context); })</c>.
    /// </summary>
    /// <param name="configurator">The bus's configuration.</param>
    /// <param name="services">The services: <c>context</c>.</param>
    /// <exception cref="InvalidOperationException">The services have no tracker.</exception>
    public static void UseProgressTelemetry(this IBusFactoryConfigurator configurator, IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(services);
        configurator.UseProgressTelemetry(services.GetRequiredService<ProgressTracker>());
    }

    /// <summary>As <see cref="UseProgressTelemetry(IBusFactoryConfigurator, IServiceProvider)"/>, with a tracker that is at hand.</summary>
    /// <param name="configurator">The bus's configuration.</param>
    /// <param name="tracker">What tracks the runs.</param>
    public static void UseProgressTelemetry(this IBusFactoryConfigurator configurator, ProgressTracker tracker)
    {
        ArgumentNullException.ThrowIfNull(configurator);
        ArgumentNullException.ThrowIfNull(tracker);
        var adapter = new Adapter(tracker);
        var (jobs, sagas, slips) = (new JobRuns(adapter), new StateMachines(adapter), new SlipRuns(adapter));
        var ends = new SlipEnds(slips);
        configurator.ConnectConsumerConfigurationObserver(new JobConsumers(jobs));
        configurator.ConnectSagaConfigurationObserver(sagas);
        configurator.ConnectPublishObserver(new JobMessages(jobs));
        configurator.ConnectActivityConfigurationObserver(new Activities(slips));
        configurator.ConnectPublishObserver(ends);
        configurator.ConnectSendObserver(ends);
        configurator.ConnectBusObserver(new BusWatch(jobs, sagas, slips));
    }
}
