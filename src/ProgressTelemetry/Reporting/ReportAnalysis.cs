namespace ProgressTelemetry.Reporting;

/// <summary>Makes the report from what the run's state says.</summary>
internal static class ReportAnalysis
{
    public static ProgressReport Of(RunFacts facts)
    {
        var chain = CriticalChain.Of(facts);
        var slower = facts.Stages.ToDictionary(s => s.Name, s => HistoryAnalysis.Of(facts, s), StringComparer.Ordinal);
        var findings = new List<ReportFinding>();
        var advice = new List<Recommendation>();
        WallAnalysis.AddTo(facts, chain, findings, advice);
        HistoryAnalysis.AddTo(facts, chain, slower, findings, advice);
        RevisionAnalysis.AddTo(facts, chain, findings, advice);
        chain?.AddTo(findings);
        var report = new ProgressReport
        {
            Summary = "",
            Status = facts.Status,
            Stages = [.. facts.Stages.Select(s => StageOf(facts, s, chain, slower[s.Name]))],
            Performance = PerformanceOf(facts),
            Bottlenecks = findings,
            CriticalChain = chain?.Stages ?? [],
            Recommendations = [.. advice.OrderByDescending(a => a.ExpectedGain)],
            Timeline = [.. facts.Timeline.Select(p => new ForecastPoint(Time(p.Seconds)!.Value, p.Completion, Time(p.Expected), Time(p.Low), Time(p.High)))],
        };
        return report with { Summary = SummaryText.Of(report) };
    }

    private static StageReport StageOf(RunFacts facts, StageFacts stage, CriticalChain? chain, HistoryComparison? slower) => new()
    {
        Name = stage.Name,
        WallShare = facts.Elapsed > 0 ? Math.Clamp(stage.Wall / facts.Elapsed, 0, 1) : 0,
        RemainingWallTime = Time(Math.Max(0, stage.RemainingWall))!.Value,
        Attempts = stage.Attempts,
        Waits = stage.Waits,
        DependsOn = stage.DependsOn,
        IsCritical = chain is not null && chain.Stages.Contains(stage.Name),
        SlowerThanHistory = slower,
    };

    private static PerformanceAnalysis PerformanceOf(RunFacts facts)
    {
        var busy = Math.Max(0, facts.Elapsed - facts.Idle - facts.Waiting);
        var metrics = facts.Status.Performance;
        return new PerformanceAnalysis
        {
            BusyTime = Time(busy)!.Value,
            IdleTime = Time(facts.Idle)!.Value,
            WaitingTime = Time(facts.Waiting)!.Value,
            AverageParallelism = facts.TaskSeconds > 0 && busy > 0 ? facts.TaskSeconds / busy : null,
            ThroughputPerSecond = metrics.ThroughputPerSecond,
            AverageTaskDuration = metrics.AverageTaskDuration,
            Duration = Time(facts.Duration),
            TypicalDuration = facts.History.Count > 0 ? Time(Median(facts.History.Select(p => p.DurationSeconds))) : null,
            EarlierRuns = facts.History.Count,
        };
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    public static TimeSpan? Time(double? seconds) => seconds is not { } s ? null
        : TimeSpan.FromSeconds(Math.Clamp(s, 0, TimeSpan.MaxValue.TotalSeconds / 2));
}
