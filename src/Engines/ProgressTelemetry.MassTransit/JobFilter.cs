using MassTransit;
using ProgressTelemetry.Naming;

namespace ProgressTelemetry.MassTransit;

/// <summary>Around an attempt at a job: it has begun, and its stage is current while it lasts. How it ends is a message.</summary>
internal sealed class JobFilter<TConsumer, TJob>(JobRuns jobs) : IFilter<ConsumerConsumeContext<TConsumer, TJob>>
    where TConsumer : class
    where TJob : class
{
    public async Task Send(ConsumerConsumeContext<TConsumer, TJob> context, IPipe<ConsumerConsumeContext<TConsumer, TJob>> next)
    {
        var job = context.TryGetPayload<JobContext>(out var found) ? found : null;
        using var current = job is null ? null : jobs.Starting(job.JobId, TypeName.Of(typeof(TJob)), TypeName.Of(typeof(TConsumer)));
        try
        {
            await next.Send(context).ConfigureAwait(false);
        }
        catch (Exception e) when (job is not null)
        {
            // The consumer was not reached, so that no message tells of the end.
            jobs.AttemptFailed(job.JobId, e.GetType().FullName, isLast: false);
            throw;
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("progressTelemetry");
}
