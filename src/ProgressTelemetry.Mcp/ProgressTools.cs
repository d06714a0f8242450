using System.ComponentModel;
using Microsoft.Extensions.Hosting;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace ProgressTelemetry.Mcp;

/// <summary>The tools: all of them only read.</summary>
[McpServerToolType]
internal sealed class ProgressTools(ProgressTracker tracker, TimeProvider? clock = null, IHostApplicationLifetime? lifetime = null)
{
    internal const string Instructions =
        "Tells how far the runs of this application's workflows are, and waits for them. Start with list_runs; then wait_for, rather than asking often. Every answer ends with what to do next. " + Quoted.Note;

    internal const int PageSize = 20;
    internal const int LongestWait = 300;

    // Below the minute after which common clients give a call up.
    internal const int UsualWait = 50;

    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;

    [McpServerTool(Name = "list_runs", Title = "List runs", ReadOnly = true, OpenWorld = false)]
    [Description("Lists the live and the recently ended runs: the stalled first, then the late, then the oldest, then the ended. 20 at a time.")]
    public CallToolResult ListRuns(
        [Description("Only runs of the workflow of this name.")] string? workflow = null,
        [Description("Only runs whose id, workflow or current stage has this text in it.")] string? text = null,
        [Description("false leaves out the runs that have ended.")] bool includeEnded = true,
        [Description("How many to leave out at the beginning.")] int skip = 0)
    {
        if (skip < 0)
        {
            return Answer.Error("skip is 0 or more.");
        }

        var page = tracker.List(new RunQuery { Workflow = OrNull(workflow), Text = OrNull(text), IncludeEnded = includeEnded, Skip = skip, Take = PageSize });
        var next = skip + page.Runs.Count;
        return Answer.Of(
            [
                $"{page.Total} runs, {page.Active} of them live.",
                .. page.Runs.Select(run => $"- {RunText.Line(run)}"),
                next < page.Total ? $"For the next {PageSize} ask with skip={next}." : null,
                page.Total == 0 ? "No run matches; if one should have started, ask again in 30 s." : "run_status tells more of one of them; wait_for waits for it.",
            ],
            new RunListFacts(page.Total, page.Active, skip, [.. page.Runs.Select(run => RunFacts.Of(run))]),
            FactsJsonContext.Default.RunListFacts);
    }

    [McpServerTool(Name = "run_status", Title = "Status of a run", ReadOnly = true, OpenWorld = false)]
    [Description("Tells where one run stands: state, completion, time left with its range, and when to ask again.")]
    public CallToolResult RunStatus([Description("The run's id, as list_runs shows it, without the quotes.")] string runId) =>
        Find(runId) is { } run ? Answer.Of(RunText.Lines(run), RunFacts.Of(run), FactsJsonContext.Default.RunFacts) : Unknown();

    [McpServerTool(Name = "run_report", Title = "Report of a run", ReadOnly = true, OpenWorld = false)]
    [Description("Tells where a run's time goes or went, stage by stage, and what would make the next one faster.")]
    public CallToolResult RunReport([Description("The run's id, as list_runs shows it, without the quotes.")] string runId) =>
        Find(runId) is { } run && tracker.GetReport(run.RunId) is { } report
            ? Answer.Of(ReportLines.Of(report), RunFacts.Of(report.Status), FactsJsonContext.Default.RunFacts)
            : Unknown();

    [McpServerTool(Name = "wait_for", Title = "Wait for a run", ReadOnly = true, OpenWorld = false)]
    [Description("Waits until a run ends, reaches a milestone, stalls or goes on after a stall, but no longer than maxSeconds; then tells where it stands and why the wait ended.")]
    public async Task<CallToolResult> WaitForAsync(
        IProgress<ProgressNotificationValue> progress,
        [Description("The run's id, as list_runs shows it, without the quotes.")] string runId,
        [Description("The longest wait, 1 to 300 s.")] int maxSeconds = UsualWait,
        CancellationToken cancellationToken = default)
    {
        if (maxSeconds is < 1 or > LongestWait)
        {
            return Answer.Error($"maxSeconds is a whole number from 1 to {LongestWait}.");
        }

        if (Find(runId) is not { } run)
        {
            return Unknown();
        }

        var told = _clock.GetTimestamp();
        var (seen, because) = await new RunWait(tracker, _clock).UntilAsync(
            run, TimeSpan.FromSeconds(maxSeconds), Tell, lifetime?.ApplicationStopping ?? CancellationToken.None, cancellationToken);
        return Answer.Of([Why(because, maxSeconds), .. RunText.Lines(seen)], RunFacts.Of(seen, because), FactsJsonContext.Default.RunFacts);

        // Clients that show it do; and to proxies and clients with time limits the connection is seen to work.
        void Tell(WorkflowStatus now)
        {
            if (_clock.GetElapsedTime(told) >= TellEvery)
            {
                told = _clock.GetTimestamp();
                progress.Report(new ProgressNotificationValue { Progress = (float)(now.CompletionRatio ?? 0), Total = 1, Message = RunText.Line(now) });
            }
        }
    }

    private static string Why(string because, int maxSeconds) => because switch
    {
        RunWait.Ended => "It has ended.",
        RunWait.Milestone => "It has reached a milestone.",
        RunWait.Stalled => "It has stalled.",
        RunWait.Resumed => "It goes on after a stall.",
        RunWait.Gone => "It is no longer known: its process may have gone. What was last seen:",
        RunWait.Stopping => "The application is stopping: ask again in a minute. What was last seen:",
        _ => $"{maxSeconds} s have passed and it goes on.",
    };

    private static CallToolResult Unknown() => Answer.Error("No run with this id is live or ended recently.", "list_runs tells which there are.");

    private static string? OrNull(string? text) => string.IsNullOrEmpty(text) ? null : text;

    /// <summary>By its id, or by how an answer shows it: an id may have in it what is not shown.</summary>
    private WorkflowStatus? Find(string runId) =>
        tracker.GetStatus(runId) ?? tracker.List(new RunQuery { Take = RunQuery.MaxTake }).Runs.FirstOrDefault(run => string.Equals(Quoted.Plain(run.RunId), runId, StringComparison.Ordinal));
}
