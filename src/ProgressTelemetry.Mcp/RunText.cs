using ProgressTelemetry.AspNetCore.Waiting;
using ProgressTelemetry.Shared;
using static ProgressTelemetry.Reporting.ReportText;

namespace ProgressTelemetry.Mcp;

/// <summary>A run in a few lines, the last of which says what to do next.</summary>
internal static class RunText
{
    /// <summary>However long a run takes, it is worth a look after so many seconds: much may have happened.</summary>
    internal const int LongestPause = 600;

    /// <summary>One line: which run, where it stands, how far it is.</summary>
    public static string Line(WorkflowStatus run)
    {
        string?[] parts =
        [
            $"Run {Quoted.Of(run.RunId)} of workflow {Quoted.Of(run.Workflow)}: {StateName(run.State)}",
            run.CompletionRatio is { } ratio ? $"{Math.Floor((ratio * 100) + 1e-9):0} %" : null,
            run.EndedAt is null ? TimeLeftText.Of(run.Estimate) : $"took {Duration(run.Elapsed)}",
        ];
        return string.Join(", ", parts.Where(part => part is not null));
    }

    public static IEnumerable<string?> Lines(WorkflowStatus run) =>
    [
        $"{Line(run)}.",
        Tasks(run),
        run.CurrentStages.Count > 0 ? $"Now in {Quoted.List(run.CurrentStages, 5)}." : null,
        run.CurrentMilestone is { } milestone ? $"Last milestone: {Quoted.Of(milestone)}." : null,
        run.ErrorType is { } error ? $"Error type: {Quoted.Of(error)}." : null,
        Deadline(run),
        Next(run),
    ];

    /// <summary>What one who waits should do now.</summary>
    public static string Next(WorkflowStatus run) => run switch
    {
        { State: WorkflowState.Succeeded } => "It is over: nothing more to wait for. run_report tells where its time went.",
        { EndedAt: not null } => "It is over and did not succeed: waiting will not help. run_report tells how far it came.",
        { State: WorkflowState.Stalled } =>
            $"Nothing has moved for {Duration(run.AsOf - run.LastProgressAt)}: it may need a person. Tell whoever asked; wait_for returns when it goes on or ends. Ask again in {AskAgain(run)} s.",
        { State: WorkflowState.Waiting } => $"It waits for something outside (an approval, a queue, a limit). Ask again in {AskAgain(run)} s, or call wait_for.",
        { Estimate: null } => $"There is no forecast yet. Ask again in {AskAgain(run)} s, or call wait_for.",
        _ => $"{Capital(TimeLeftText.Of(run.Estimate)!)}: ask again in {AskAgain(run)} s, or call wait_for.",
    };

    private static int? AskAgain(WorkflowStatus run) => RetryAfter.Seconds(run, LongestPause);

    private static string Tasks(WorkflowStatus run)
    {
        var failed = run.Performance.FailedTasks > 0 ? $", {Number(run.Performance.FailedTasks)} of them failed" : "";
        var done = run.ExpectedTasks is { } expected ? $"{Number(run.CompletedTasks)} of {Count(expected, "task")}" : $"{Count(run.CompletedTasks, "task")} of an unknown number";
        return $"{done} done{failed}; started {Moment(run.StartedAt)}, {Duration(run.Elapsed)} {(run.EndedAt is null ? "ago" : "before it ended")}.";
    }

    private static string? Deadline(WorkflowStatus run) => run switch
    {
        { Deadline: null } or { EndedAt: not null } => null,
        { Deadline: { } deadline } when run.AsOf > deadline => $"Its deadline was {Moment(deadline)}: it is late.",
        { Deadline: { } deadline, Estimate: { } estimate } when estimate.Expected > deadline => $"Its deadline is {Moment(deadline)}: it will probably be late.",
        _ => $"Its deadline is {Moment(run.Deadline.Value)}.",
    };

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
