using static ProgressTelemetry.Reporting.ReportText;

namespace ProgressTelemetry.Mcp;

/// <summary>The part of a report that an agent can use: where the time went, and what would help.</summary>
internal static class ReportLines
{
    private const int MostStages = 8;
    private const int MostRecommendations = 3;

    public static IEnumerable<string?> Of(ProgressReport report) =>
    [
        .. RunText.Lines(report.Status).SkipLast(1),
        .. Stages(report),
        .. Recommendations(report),
        report.Status.EndedAt is null ? $"This is the report so far. {RunText.Next(report.Status)}" : "It is over: this report is final.",
    ];

    private static IEnumerable<string> Stages(ProgressReport report)
    {
        var stages = report.Stages.Zip(report.Status.Stages).OrderByDescending(both => both.First.WallShare).ToList();
        foreach (var (more, stage) in stages.Take(MostStages))
        {
            var failed = stage.FailedTasks > 0 ? $", {Count(stage.FailedTasks, "failed task")}" : "";
            var revised = stage.Revisions > 0 ? $", sent back {Times(stage.Revisions)}" : "";
            yield return $"Stage {Quoted.Of(stage.Name)}: {StateName(stage.State)}, {Percent(more.WallShare)} of the time, {Count(stage.CompletedTasks, "task")}{failed}{revised}.";
        }

        if (stages.Count > MostStages)
        {
            yield return $"And {Count(stages.Count - MostStages, "stage")} that took less.";
        }
    }

    private static IEnumerable<string> Recommendations(ProgressReport report) => report.Recommendations.Take(MostRecommendations)
        .Select(advice => $"Would save about {Percent(advice.ExpectedGain)}: {Quoted.Of(advice.Action)}");
}
