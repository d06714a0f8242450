using static ProgressTelemetry.Reporting.ReportText;

namespace ProgressTelemetry.Reporting;

/// <summary>Stages whose tasks take longer than in earlier runs.</summary>
internal static class HistoryAnalysis
{
    /// <summary>Slower by less is within what runs differ.</summary>
    private const double LeastFactor = 1.25;

    /// <summary>One earlier run tells nothing of how much runs differ.</summary>
    private const double LeastFactorOverOneRun = 1.5;

    /// <summary>A loss of less of the run is not worth acting on.</summary>
    private const double LeastGain = .03;

    /// <summary>
    /// Compares with the runs before the pace changed: of the earlier runs, newest first, those as slow as this one (within <see cref="LeastFactor"/>) belong to it; the claim stands only
    /// when every run before those was faster.
    /// </summary>
    public static HistoryComparison? Of(RunFacts facts, StageFacts stage)
    {
        if (stage.TaskSeconds is not { } now || now <= 0)
        {
            return null;
        }

        var runs = facts.History
            .Select(profile => (profile.Version, Seconds: profile.Find(stage.Name, stage.Status.Index - 1)?.MeanSeconds ?? 0))
            .Where(run => run.Seconds > 0)
            .ToList();
        var asSlow = runs.TakeWhile(run => now < LeastFactor * run.Seconds).Count();
        var faster = runs.Skip(asSlow).ToList();
        if (faster.Count == 0 || faster.Exists(run => now < LeastFactor * run.Seconds))
        {
            return null;
        }

        var before = ReportAnalysis.Median(faster.Select(run => run.Seconds));
        var factor = now / before;
        if (faster.Count == 1 && factor < LeastFactorOverOneRun)
        {
            return null;
        }

        var since = asSlow > 0 ? runs[asSlow - 1].Version : facts.Status.Version;
        since = faster[0].Version is null || since == faster[0].Version ? null : since;
        return new HistoryComparison(factor, faster.Count, ReportAnalysis.Time(now)!.Value, ReportAnalysis.Time(before)!.Value, since);
    }

    public static void AddTo(
        RunFacts facts, CriticalChain? chain, IReadOnlyDictionary<string, HistoryComparison?> slower, List<ReportFinding> findings, List<Recommendation> advice)
    {
        var total = facts.Whole;
        var found = new List<(StageFacts Stage, HistoryComparison Than, double Wall)>();
        foreach (var stage in facts.Stages)
        {
            if (total > 0 && slower[stage.Name] is { } than)
            {
                found.Add((stage, than, stage.Wall + stage.RemainingWall));
            }
        }

        foreach (var (stage, than, wall) in found.OrderByDescending(f => f.Wall))
        {
            var evidence = $"A task of {Quote(stage.Name)} takes {Duration(than.TaskDuration.TotalSeconds)}, {Factor(than.Factor)} times as long as in "
                + $"{(than.EarlierRuns == 1 ? "the earlier run" : $"{than.EarlierRuns} earlier runs")} ({Duration(than.EarlierTaskDuration.TotalSeconds)}).";
            findings.Add(new(FindingKind.Slower, stage.Name, Math.Min(1, wall / total), evidence));
            var saved = Math.Max(0, wall - facts.Idle) * (1 - (1 / than.Factor));
            var gain = (chain is null ? saved : Math.Min(saved, chain.GainOf(stage.Name, 1 / than.Factor))) / total;
            if (gain >= LeastGain)
            {
                var since = than.SinceVersion is { } version ? $" since version {Quote(version)}" : "";
                advice.Add(new(
                    FindingKind.Slower,
                    stage.Name,
                    $"Find what slowed {Quote(stage.Name)} down{since}: its earlier pace would shorten a run like this by about {Percent(gain)}.",
                    evidence,
                    gain));
            }
        }
    }
}
