using Quartz;

namespace ProgressTelemetry.NativeEngines.Tests.Quartz;

/// <summary>The job of the tests: it reports what it is told to, waits at its gate, and fails as often as it is told to.</summary>
public sealed class Work : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var data = context.MergedJobDataMap;
        var (test, name) = (data.GetString("test")!, context.JobDetail.Key.Name);
        var attempt = Attempts.Next($"{test}/{name}");
        if (data.TryGetInt("percent", out var percent))
        {
            context.ReportProgress(percent);
        }

        WorkflowStage.Current?.RecordItems("record", 7);
        await Gate.PassAsync(test, attempt == 1 ? name : $"{name} {attempt}");
        if (data.TryGetInt("failures", out var failures) && attempt <= failures)
        {
            throw new FormatException("flaky");
        }
    }
}
