using System.Diagnostics;
using MassTransit;

namespace ProgressTelemetry.NativeEngines.Tests.MassTransit;

/// <summary>A job: it reports its progress, passes a gate, and fails as often as it is told.</summary>
public sealed record Convert(string Test, string Name, int Failures = 0, int Done = 0, int Of = 0);

public sealed class ConvertConsumer : IJobConsumer<Convert>
{
    private static readonly ActivitySource Spans = new("Test.Convert");

    public async Task Run(JobContext<Convert> context)
    {
        var job = context.Job;
        var attempt = context.RetryAttempt + 1;
        if (job.Of > 0)
        {
            await context.SetJobProgress(job.Done, job.Of);
        }

        using var span = Spans.StartActivity("work");
        WorkflowStage.Current?.RecordItems("frame", 7);
        await Gate.PassAsync(job.Test, attempt == 1 ? job.Name : $"{job.Name} {attempt}").WaitAsync(context.CancellationToken);
        if (attempt <= job.Failures)
        {
            throw new FormatException("flaky");
        }
    }
}
