using static ProgressTelemetry.Reporting.ReportText;

namespace ProgressTelemetry.Reporting;

/// <summary>Stages whose work was sent back.</summary>
internal static class RevisionAnalysis
{
    /// <summary>A loss of less of the run is not worth acting on.</summary>
    private const double LeastGain = .03;

    public static void AddTo(RunFacts facts, CriticalChain? chain, List<ReportFinding> findings, List<Recommendation> advice)
    {
        var all = facts.Status.Performance.Revisions;
        foreach (var stage in facts.Stages.Where(s => s.Status.Revisions > 0).OrderByDescending(s => s.Status.Revisions))
        {
            var (rework, how) = Rework(stage, facts.Elapsed);
            var share = facts.Elapsed > 0 ? Math.Min(1, rework / facts.Elapsed) : 0;
            var evidence = $"{Quote(stage.Name)} was sent back {Times(stage.Status.Revisions)} ({Percent((double)stage.Status.Revisions / all)} of the run's {Count(all, "revision")}); {how} "
                + $"{Duration(rework)} of {Duration(facts.Elapsed)} ({Percent(share)}).";
            findings.Add(new(FindingKind.Revisions, stage.Name, share, evidence));
            if (GainOf(stage, rework, facts.Whole, chain) is var gain && gain >= LeastGain)
            {
                advice.Add(new(
                    FindingKind.Revisions,
                    stage.Name,
                    $"Get {Quote(stage.Name)} right earlier: halving its rework would shorten a run like this by about {Percent(gain)}.",
                    evidence,
                    gain));
            }
        }
    }

    /// <summary>The share of the run that halving the rework wins; no more than the stage's chain has over the next longest.</summary>
    private static double GainOf(StageFacts stage, double rework, double duration, CriticalChain? chain)
    {
        if (duration <= 0 || rework <= 0)
        {
            return 0;
        }

        var gain = chain is null ? rework / 2 : Math.Min(rework / 2, chain.GainOf(stage.Name, 1 - (rework / 2 / stage.Wall)));
        return Math.Min(.5, gain / duration);
    }

    /// <summary>Wall-clock seconds that went into doing the work again: of what the attempts after the first took of the stage's wall, as many as there were revisions; without such attempts, passes of equal length.</summary>
    private static (double Seconds, string How) Rework(StageFacts stage, double elapsed)
    {
        var revisions = stage.Status.Revisions;
        var again = stage.Attempts.Count - 1;
        if (again < 1)
        {
            return (stage.Wall * (revisions / (revisions + 1.0)), $"if its {Count(revisions + 1, "pass")} took equally long, doing it again took");
        }

        // A stage is also begun anew for another batch, or after a failure: only as many attempts are rework as there were revisions.
        var seconds = stage.Attempts.Select(a => Math.Max(0, (a.End?.TotalSeconds ?? elapsed) - a.Start.TotalSeconds)).ToList();
        var sum = seconds.Sum();
        var rework = sum > 0 ? stage.Wall * seconds.Skip(1).Sum() / sum * Math.Min(1, (double)revisions / again) : 0;
        return (rework, revisions < again ? "doing it again took about" : "doing it again took");
    }
}
