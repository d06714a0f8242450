using static ProgressTelemetry.Reporting.ReportText;

namespace ProgressTelemetry.Reporting;

/// <summary>Stages whose work was sent back.</summary>
internal static class RevisionAnalysis
{
    /// <summary>A loss of less of the run is not worth acting on.</summary>
    private const double LeastGain = .03;

    public static void AddTo(RunFacts facts, List<ReportFinding> findings, List<Recommendation> advice)
    {
        var all = facts.Status.Performance.Revisions;
        foreach (var stage in facts.Stages.Where(s => s.Status.Revisions > 0).OrderByDescending(s => s.Status.Revisions))
        {
            var (rework, how) = Rework(stage, facts.Elapsed);
            var share = facts.Elapsed > 0 ? Math.Min(1, rework / facts.Elapsed) : 0;
            var evidence = $"{Quote(stage.Name)} was sent back {Times(stage.Status.Revisions)} ({Percent((double)stage.Status.Revisions / all)} of the run's {Count(all, "revision")}); {how} "
                + $"{Duration(rework)} of {Duration(facts.Elapsed)} ({Percent(share)}).";
            findings.Add(new(FindingKind.Revisions, stage.Name, share, evidence));
            if (share / 2 >= LeastGain)
            {
                advice.Add(new(
                    FindingKind.Revisions,
                    stage.Name,
                    $"Get {Quote(stage.Name)} right earlier: halving its rework would shorten a run like this by about {Percent(share / 2)}.",
                    evidence,
                    share / 2));
            }
        }
    }

    /// <summary>Wall-clock seconds that went into doing the work again: what the attempts after the first took of the stage's wall; without such attempts, passes of equal length.</summary>
    private static (double Seconds, string How) Rework(StageFacts stage, double elapsed)
    {
        if (stage.Attempts.Count < 2)
        {
            var passes = stage.Status.Revisions + 1.0;
            return (stage.Wall * (stage.Status.Revisions / passes), $"if its {Count((long)passes, "pass")} took equally long, doing it again took");
        }

        var seconds = stage.Attempts.Select(a => Math.Max(0, (a.End?.TotalSeconds ?? elapsed) - a.Start.TotalSeconds)).ToList();
        var sum = seconds.Sum();
        return (sum > 0 ? stage.Wall * seconds.Skip(1).Sum() / sum : 0, "doing it again took");
    }
}
