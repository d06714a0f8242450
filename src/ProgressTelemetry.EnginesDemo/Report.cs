using Quartz;

namespace ProgressTelemetry.EnginesDemo;

/// <summary>Quartz's job, which tells its percentage as Quartz has it.</summary>
internal sealed class Report(Pace pace) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        for (var percent = 4; percent <= 100; percent += 4)
        {
            await pace.WorkAsync(.8, cancellationToken);
            context.ReportProgress(percent);
        }
    }
}

/// <summary>Another, which is triggered when the report is there.</summary>
internal sealed class Mail(Pace pace) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await pace.WorkAsync(6, cancellationToken);
}

/// <summary>Schedules both, the second to continue the first, again and again.</summary>
internal sealed class ReportAgainAndAgain(ISchedulerFactory schedulers, Pace pace) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var scheduler = await schedulers.GetScheduler(stoppingToken);
        var (report, mail) = (JobBuilder.Create<Report>().WithIdentity("report").StoreDurably().Build(), JobBuilder.Create<Mail>().WithIdentity("mail").StoreDurably().Build());
        await scheduler.AddJob(report, cancellationToken: stoppingToken);
        await scheduler.AddJob(mail, cancellationToken: stoppingToken);
        for (var round = 0; !stoppingToken.IsCancellationRequested; round++)
        {
            var first = TriggerBuilder.Create<Report>().WithIdentity($"report-{round}").ForJob(report).StartAt(DateTimeOffset.UtcNow.AddSeconds(1)).Build(); // time to schedule what continues it
            var second = TriggerBuilder.Create<Mail>().WithIdentity($"mail-{round}").ForJob(mail).StartAfter(first.Key).Build();
            await scheduler.ScheduleJob(first, cancellationToken: stoppingToken);
            await scheduler.ScheduleJob(second, cancellationToken: stoppingToken);
            await pace.WorkAsync(40, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
