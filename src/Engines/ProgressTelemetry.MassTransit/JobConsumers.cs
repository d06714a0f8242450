using MassTransit;

namespace ProgressTelemetry.MassTransit;

/// <summary>Puts a filter around each job consumer of the bus, when it is configured.</summary>
internal sealed class JobConsumers(JobRuns jobs) : IConsumerConfigurationObserver
{
    public void ConsumerConfigured<TConsumer>(IConsumerConfigurator<TConsumer> configurator)
        where TConsumer : class
    {
    }

    public void ConsumerMessageConfigured<TConsumer, TMessage>(IConsumerMessageConfigurator<TConsumer, TMessage> configurator)
        where TConsumer : class
        where TMessage : class
    {
        if (typeof(IJobConsumer<TMessage>).IsAssignableFrom(typeof(TConsumer)))
        {
            configurator.UseFilter(new JobFilter<TConsumer, TMessage>(jobs));
        }
    }
}
