using MassTransit;
using MassTransit.Courier.Contracts;

namespace ProgressTelemetry.MassTransit;

/// <summary>How routing slips end, told by the messages that are published of it, or sent to those who subscribe to it.</summary>
internal sealed class SlipEnds(SlipRuns slips) : IPublishObserver, ISendObserver
{
    public Task PostPublish<T>(PublishContext<T> context)
        where T : class => Hear(context.Message);

    public Task PostSend<T>(SendContext<T> context)
        where T : class => Hear(context.Message);

    public Task PrePublish<T>(PublishContext<T> context)
        where T : class => Task.CompletedTask;

    public Task PreSend<T>(SendContext<T> context)
        where T : class => Task.CompletedTask;

    public Task PublishFault<T>(PublishContext<T> context, Exception exception)
        where T : class => Task.CompletedTask;

    public Task SendFault<T>(SendContext<T> context, Exception exception)
        where T : class => Task.CompletedTask;

    private Task Hear(object message)
    {
        switch (message)
        {
            case RoutingSlipCompleted completed:
                slips.Ended(completed.TrackingNumber, WorkflowResult.Success, null);
                break;
            case RoutingSlipFaulted faulted:
                slips.Ended(faulted.TrackingNumber, WorkflowResult.Failure, faulted.ActivityExceptions?.FirstOrDefault()?.ExceptionInfo?.ExceptionType);
                break;
            case RoutingSlipCompensationFailed failed:
                slips.Ended(failed.TrackingNumber, WorkflowResult.Failure, failed.ExceptionInfo?.ExceptionType);
                break;
            case RoutingSlipTerminated terminated:
                slips.Ended(terminated.TrackingNumber, WorkflowResult.Cancellation, null);
                break;
        }

        return Task.CompletedTask;
    }
}
