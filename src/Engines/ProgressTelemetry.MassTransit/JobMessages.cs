using MassTransit;
using MassTransit.Contracts.JobService;

namespace ProgressTelemetry.MassTransit;

/// <summary>
/// What becomes of jobs, told by the messages that are published of them: of an attempt where it runs, of the job where MassTransit's job sagas are.
/// </summary>
internal sealed class JobMessages(JobRuns jobs) : IPublishObserver
{
    public Task PrePublish<T>(PublishContext<T> context)
        where T : class
    {
        switch (context.Message)
        {
            case SetJobProgress { Limit: > 0 } progress:
                jobs.Report(progress.JobId, (double)progress.Value / progress.Limit.Value);
                break;
            case JobAttemptCompleted completed:
                jobs.Ended(completed.JobId, WorkflowResult.Success, null);
                break;
            case JobAttemptFaulted faulted:
                jobs.AttemptFailed(faulted.JobId, faulted.Exceptions?.ExceptionType, isLast: faulted.RetryDelay is null);
                break;
            case JobAttemptCanceled stopped when stopped.Reason == JobCancellationReasons.Shutdown:
                jobs.AttemptStopped(stopped.JobId);
                break;
            case JobAttemptCanceled canceled:
                jobs.Ended(canceled.JobId, WorkflowResult.Cancellation, null);
                break;
            case JobCompleted completed:
                jobs.EndedSomewhere(completed.JobId, WorkflowResult.Success);
                break;
            case JobFaulted faulted:
                jobs.EndedSomewhere(faulted.JobId, WorkflowResult.Failure);
                break;
            case JobCanceled canceled:
                jobs.EndedSomewhere(canceled.JobId, WorkflowResult.Cancellation);
                break;
        }

        return Task.CompletedTask;
    }

    public Task PostPublish<T>(PublishContext<T> context)
        where T : class => Task.CompletedTask;

    public Task PublishFault<T>(PublishContext<T> context, Exception exception)
        where T : class => Task.CompletedTask;
}
