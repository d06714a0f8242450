using Polly;
using Polly.Telemetry;

namespace ProgressTelemetry.Polly;

/// <summary>Hears what Polly tells, on the flow of calls that is tried again: so the current stage is that of the work.</summary>
internal sealed class RetryListener : TelemetryListener
{
    private const string OnRetry = nameof(OnRetry);

    public override void Write<TResult, TArgs>(in TelemetryEventArguments<TResult, TArgs> args)
    {
        if (args.Event.EventName != OnRetry)
        {
            return;
        }

        // No guard: these verbs don't throw for what comes from data, and without a tracker there is nowhere to count.
        if (ProgressTelemetryPollyExtensions.TaskOf(args.Context) is { } task)
        {
            task.Retry(args.Outcome?.Exception);
        }
        else
        {
            WorkflowStage.Current?.RecordRevision("retry");
        }
    }
}
