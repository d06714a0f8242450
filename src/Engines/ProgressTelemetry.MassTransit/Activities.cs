using MassTransit;

namespace ProgressTelemetry.MassTransit;

/// <summary>Follows each activity of the bus, and its attempts, when it is configured.</summary>
internal sealed class Activities(SlipRuns slips) : IActivityConfigurationObserver, IActivityObserver
{
    public void ActivityConfigured<TActivity, TArguments>(IExecuteActivityConfigurator<TActivity, TArguments> configurator, Uri compensateAddress)
        where TActivity : class, IExecuteActivity<TArguments>
        where TArguments : class => ExecuteActivityConfigured(configurator);

    public void ExecuteActivityConfigured<TActivity, TArguments>(IExecuteActivityConfigurator<TActivity, TArguments> configurator)
        where TActivity : class, IExecuteActivity<TArguments>
        where TArguments : class
    {
        configurator.RoutingSlip(slip => slip.UseFilter(new SlipFilter(slips, compensates: false)));
        configurator.ConnectActivityObserver(this);
    }

    public void CompensateActivityConfigured<TActivity, TLog>(ICompensateActivityConfigurator<TActivity, TLog> configurator)
        where TActivity : class, ICompensateActivity<TLog>
        where TLog : class
    {
        configurator.RoutingSlip(slip => slip.UseFilter(new SlipFilter(slips, compensates: true)));
        configurator.ConnectActivityObserver(this);
    }

    public Task PreExecute<TActivity, TArguments>(ExecuteActivityContext<TActivity, TArguments> context)
        where TActivity : class, IExecuteActivity<TArguments>
        where TArguments : class => Started(context);

    public Task ExecuteFault<TActivity, TArguments>(ExecuteActivityContext<TActivity, TArguments> context, Exception exception)
        where TActivity : class, IExecuteActivity<TArguments>
        where TArguments : class => Failed(context, exception);

    public Task PreCompensate<TActivity, TLog>(CompensateActivityContext<TActivity, TLog> context)
        where TActivity : class, ICompensateActivity<TLog>
        where TLog : class => Started(context);

    public Task CompensateFail<TActivity, TLog>(CompensateActivityContext<TActivity, TLog> context, Exception exception)
        where TActivity : class, ICompensateActivity<TLog>
        where TLog : class => Failed(context, exception);

    public Task PostExecute<TActivity, TArguments>(ExecuteActivityContext<TActivity, TArguments> context)
        where TActivity : class, IExecuteActivity<TArguments>
        where TArguments : class => Task.CompletedTask;

    public Task PostCompensate<TActivity, TLog>(CompensateActivityContext<TActivity, TLog> context)
        where TActivity : class, ICompensateActivity<TLog>
        where TLog : class => Task.CompletedTask;

    private Task Started(CourierContext context)
    {
        slips.AttemptStarts(context.TrackingNumber);
        return Task.CompletedTask;
    }

    private Task Failed(CourierContext context, Exception exception)
    {
        slips.AttemptFailed(context.TrackingNumber, exception);
        return Task.CompletedTask;
    }
}
