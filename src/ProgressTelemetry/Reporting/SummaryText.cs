using static ProgressTelemetry.Reporting.ReportText;

namespace ProgressTelemetry.Reporting;

/// <summary>A report in a few sentences.</summary>
internal static class SummaryText
{
    public static string Of(ProgressReport report) =>
        string.Join(' ', new[] { Progress(report.Status), Pace(report.Performance), Slow(report.Status.Bottleneck), Best(report) }.Where(s => s is not null));

    private static string Progress(WorkflowStatus run)
    {
        var tasks = run.ExpectedTasks is { } expected
            ? $"{Number(run.CompletedTasks)} of {Count(expected, "task")}"
            : $"{Count(run.CompletedTasks, "task")} of an unknown number";
        var failed = run.Performance.FailedTasks > 0 ? $", {Number(run.Performance.FailedTasks)} of them failed" : "";
        var elapsed = Duration(run.Elapsed.TotalSeconds);
        if (run.Result is not null)
        {
            return $"{Capital(StateName(run.State))} after {elapsed}, with {tasks} done{failed}.";
        }

        var ahead = run.Estimate is { } e
            ? $" It should take {Duration(e.Remaining.TotalSeconds)} more ({Duration(e.RemainingLow.TotalSeconds)} to {Duration(e.RemainingHigh.TotalSeconds)})."
            : "";
        var late = run.Deadline is not { } deadline || run.Estimate is null ? ""
            : run.Estimate.Expected > deadline ? $" That is {Duration((run.Estimate.Expected - deadline).TotalSeconds)} after its deadline."
            : $" That is {Duration((deadline - run.Estimate.Expected).TotalSeconds)} before its deadline.";
        return $"{Capital(StateName(run.State))} for {elapsed}, with {tasks} done{failed}.{ahead}{late}";
    }

    private static string? Pace(PerformanceAnalysis performance)
    {
        if (performance is not { Duration: { } duration, TypicalDuration: { } typical } || typical <= TimeSpan.Zero)
        {
            return null;
        }

        var factor = duration / typical;
        var than = performance.EarlierRuns == 1 ? $"the earlier run ({Duration(typical)})" : $"the median of {performance.EarlierRuns} earlier runs ({Duration(typical)})";
        return factor is > .95 and < 1.05 ? $"In all that is about as long as {than}."
            : $"In all that is {Factor(factor)} times as long as {than}.";
    }

    private static string? Slow(BottleneckStatus? bottleneck) => bottleneck?.Kind switch
    {
        BottleneckKind.Stage => $"Its bottleneck is {Quote(bottleneck.Stage!)}, with {Percent(bottleneck.Share)} of its time.",
        BottleneckKind.Dispatch => "It is held up by dispatch: tasks are started too late or too few at a time.",
        BottleneckKind.Waiting => $"It is held up by declared waits, {Percent(bottleneck.Share)} of its time.",
        _ => null,
    };

    private static string? Best(ProgressReport report) => report.Recommendations.Count == 0 ? null
        : $"{Count(report.Recommendations.Count, "recommendation")}, the best worth about {Percent(report.Recommendations[0].ExpectedGain)} of a run.";

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
