using ProgressTelemetry.Shared.Terminal;
using ProgressTelemetry.Tool.Client;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ProgressTelemetry.Tool.Terminal;

/// <summary>All runs: a line for each, in a table that redraws in its place.</summary>
internal static class RunsView
{
    public static IRenderable Render(RunsPage page)
    {
        var table = new Table().Border(TableBorder.None).AddColumns("workflow", "run", "", "", "state", "time left");
        foreach (var run in page.Runs)
        {
            table.AddRow(
                new Text(run.Workflow),
                new Text(run.RunId),
                LiveProgressView.Bar(run.CompletionRatio, run.State),
                new Text(run.CompletionRatio is { } ratio ? $"{Math.Floor(ratio * 100):0} %" : "").RightJustified(),
                new Text(run.State.ToString().ToLowerInvariant()),
                new Text(run.EndedAt is null ? DurationText.Left(run.Estimate) : $"took {DurationText.Of(run.Elapsed)}"));
        }

        return page.Total > page.Runs.Count ? new Rows(table, new Text($"and {page.Total - page.Runs.Count} more"))
            : page.Total == 0 ? new Text("no runs")
            : table;
    }
}
