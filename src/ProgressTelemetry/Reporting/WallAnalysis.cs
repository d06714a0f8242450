using static ProgressTelemetry.Reporting.ReportText;

namespace ProgressTelemetry.Reporting;

/// <summary>Where the run's time goes: into one stage, into waits, or into nothing at all.</summary>
internal static class WallAnalysis
{
    /// <summary>A stage stands out with this share, however many there are; among few it takes more (<see cref="TimesEven"/>).</summary>
    private const double LeastShare = .3;

    /// <summary>A stage stands out when it takes so many times its even part of the run.</summary>
    private const double TimesEven = 1.5;

    /// <summary>Less of the run lost to idle time or to waits is not worth a word.</summary>
    private const double LeastLoss = .1;

    public static void AddTo(RunFacts facts, CriticalChain? chain, List<ReportFinding> findings, List<Recommendation> advice)
    {
        var total = SharedOut(facts);
        if (total <= 0)
        {
            return;
        }

        if (facts.Status.Bottleneck is { } bottleneck)
        {
            findings.Add(FindingOf(facts, bottleneck));
        }

        AddDispatch(facts, advice);
        AddWaiting(facts, advice);
        if (facts.Status.Bottleneck?.Kind != BottleneckKind.Dispatch)
        {
            AddStages(facts, chain, total, advice);
        }
    }

    /// <summary>Seconds that the stages' shares are of: as the bottleneck's, so that the two agree. The predictions of the stages and of the run differ a little.</summary>
    private static double SharedOut(RunFacts facts)
    {
        return facts.Status.Bottleneck is { Kind: BottleneckKind.Stage, Share: > 0 } bottleneck && StageOf(facts, bottleneck) is { } stage
            ? (stage.Wall + stage.RemainingWall) / bottleneck.Share
            : facts.Whole;
    }

    /// <summary>Null for a stage that only earlier runs had: without a plan it is expected to come.</summary>
    private static StageFacts? StageOf(RunFacts facts, BottleneckStatus bottleneck) => facts.Stages.FirstOrDefault(s => s.Name == bottleneck.Stage);

    private static ReportFinding FindingOf(RunFacts facts, BottleneckStatus bottleneck) => bottleneck.Kind switch
    {
        BottleneckKind.Dispatch => new(FindingKind.Dispatch, null, bottleneck.Share, IdleEvidence(facts)),
        BottleneckKind.Waiting => new(FindingKind.Waiting, null, bottleneck.Share, WaitEvidence(facts)),
        _ => new(FindingKind.Stage, bottleneck.Stage, bottleneck.Share, StageOf(facts, bottleneck) is { } stage
            ? StageEvidence(facts, stage)
            : $"{Quote(bottleneck.Stage!)} has not started; by the earlier runs it is predicted to take {Percent(bottleneck.Share)} of the run."),
    };

    private static void AddDispatch(RunFacts facts, List<Recommendation> advice)
    {
        if (facts.Idle >= LeastLoss * facts.Whole)
        {
            var gain = facts.Idle / facts.Whole / 2;
            advice.Add(new(
                FindingKind.Dispatch,
                null,
                $"Start tasks sooner, with more workers or a faster dispatcher: halving the idle time would shorten a run like this by about {Percent(gain)}.",
                IdleEvidence(facts),
                gain));
        }
    }

    private static void AddWaiting(RunFacts facts, List<Recommendation> advice)
    {
        if (facts.Waiting >= LeastLoss * facts.Whole)
        {
            var gain = facts.Waiting / facts.Whole / 2;
            var longest = facts.Stages.MaxBy(s => s.Status.WaitTime)!;
            advice.Add(new(
                FindingKind.Waiting,
                longest.Name,
                $"Wait less, most of all in {Quote(longest.Name)}: halving the waits would shorten a run like this by about {Percent(gain)}.",
                WaitEvidence(facts),
                gain));
        }
    }

    private static void AddStages(RunFacts facts, CriticalChain? chain, double total, List<Recommendation> advice)
    {
        var took = facts.Stages.Count(s => s.Wall + s.RemainingWall > 0);
        var least = Math.Max(LeastShare, TimesEven / Math.Max(1, took));
        foreach (var stage in facts.Stages.Where(s => (s.Wall + s.RemainingWall) / total >= least))
        {
            // Idle time is in the wall of the stage that ended it, and a faster stage would not win it back; nor more than its chain has over the next longest.
            var gain = Math.Max(0, stage.Wall + stage.RemainingWall - facts.Idle) / total / 2;
            gain = chain is null ? gain : Math.Min(gain, chain.GainOfHalving(stage.Name) / total);
            if (gain >= LeastLoss)
            {
                advice.Add(new(
                    FindingKind.Stage,
                    stage.Name,
                    $"Make {Quote(stage.Name)} faster: halving it would shorten a run like this by about {Percent(gain)}.",
                    StageEvidence(facts, stage),
                    gain));
            }
        }
    }

    private static string StageEvidence(RunFacts facts, StageFacts stage)
    {
        var wall = stage.Wall + stage.RemainingWall;
        var share = Percent(wall / SharedOut(facts));
        return facts.IsEnded
            ? $"{Quote(stage.Name)} takes {Duration(wall)} of the run's {Duration(facts.Elapsed)} ({share})."
            : $"{Quote(stage.Name)} has taken {Duration(stage.Wall)} and is predicted to take {Duration(stage.RemainingWall)} more: {share} of the run.";
    }

    private static string IdleEvidence(RunFacts facts) =>
        $"For {Duration(facts.Idle)} of {Duration(facts.Elapsed)} ({Percent(facts.Idle / facts.Elapsed)}) nothing ran, although nothing was declared to wait.";

    private static string WaitEvidence(RunFacts facts)
    {
        var longest = facts.Stages.MaxBy(s => s.Status.WaitTime)!;
        return $"For {Duration(facts.Waiting)} of {Duration(facts.Elapsed)} ({Percent(facts.Waiting / facts.Elapsed)}) the run did nothing but wait; "
            + $"{Quote(longest.Name)} waited longest, {Duration(longest.Status.WaitTime.TotalSeconds)}.";
    }
}
