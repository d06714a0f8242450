using ProgressTelemetry.Reporting;
using ProgressTelemetry.Shared.Terminal;
using ProgressTelemetry.Tool.Client;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ProgressTelemetry.Tool.Terminal;

/// <summary>All runs: a line for each, in a table that redraws in its place.</summary>
internal static class RunsView
{
    private const int BarWidth = 20;

    public static IRenderable Render(RunsPage page, int width)
    {
        // In a narrow terminal ids give way first, which their beginnings tell apart, and then the range of the forecast.
        var isNarrow = width < 120;
        var table = new Table().Border(TableBorder.None);
        foreach (var column in (string[])["workflow", "run", "", "", "state", "time left"])
        {
            table.AddColumn(new TableColumn(column).NoWrap());
        }

        foreach (var run in page.Runs)
        {
            var bar = LiveProgressView.Bar(run.CompletionRatio, run.State, isNarrow ? BarWidth / 2 : BarWidth);
            bar.Overflow = Overflow.Crop;
            table.AddRow(
                Cell(run.Workflow),
                Cell(ReportText.Shorten(run.RunId, isNarrow ? 10 : 40)),
                bar,
                Cell(run.CompletionRatio is { } ratio ? $"{Math.Floor(ratio * 100):0} %" : "").RightJustified(),
                Cell(run.State.ToString().ToLowerInvariant()),
                Cell(run.EndedAt is null ? Left(run.Estimate) : $"took {DurationText.Of(run.Elapsed)}"));
        }

        return page.Total > page.Runs.Count ? new Rows(table, new Text($"and {page.Total - page.Runs.Count} more"))
            : page.Total == 0 ? new Text("no runs")
            : table;

        string Left(TimeEstimate? estimate) => estimate is not null && isNarrow ? $"{DurationText.Of(estimate.Remaining)} left" : DurationText.Left(estimate);

        static Text Cell(string text) => new Text(text).Ellipsis();
    }
}
