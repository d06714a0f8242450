using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.Tests.Reporting;

/// <summary>Runs for reports: stages one after the other, each of so many seconds.</summary>
internal sealed class ReportRun : IDisposable
{
    public ReportRun() => Tracker = new ProgressTracker(timeProvider: Clock);

    public ManualTimeProvider Clock { get; } = new();

    public ProgressTracker Tracker { get; }

    public ProgressReport Play(string? version, params (string Stage, int Seconds)[] stages)
    {
        var run = Tracker.StartWorkflow("w", new WorkflowRunOptions { Version = version, Stages = [.. stages.Select(s => new PlannedStage(s.Stage, 1))] });
        foreach (var (stage, seconds) in stages)
        {
            Stage(run, stage, seconds);
        }

        run.Complete();
        return run.GetReport();
    }

    public WorkflowStage Stage(WorkflowRun run, string name, int seconds)
    {
        var stage = run.StartStage(name);
        Wait(seconds);
        stage.Complete();
        return stage;
    }

    public void Wait(double seconds) => Clock.Advance(TimeSpan.FromSeconds(seconds));

    public void Dispose() => Tracker.Dispose();
}
