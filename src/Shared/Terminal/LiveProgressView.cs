using Spectre.Console;
using Spectre.Console.Rendering;

namespace ProgressTelemetry.Shared.Terminal;

/// <summary>Progress as a bar per stage that redraws in its place, with the run's time left below.</summary>
internal sealed class LiveProgressView(LiveDisplayContext display) : IProgressView
{
    private const int BarWidth = 32;

    public void Update(WorkflowStatus status) => display.UpdateTarget(Render(status));

    public static IRenderable Render(WorkflowStatus status)
    {
        var grid = new Grid().AddColumns(5);
        foreach (var stage in status.Stages)
        {
            grid.AddRow(
                new Text(stage.Name),
                Bar(stage.CompletionRatio, stage.State),
                new Text(stage.CompletionRatio is { } ratio ? $"{Math.Floor(ratio * 100):0} %" : "").RightJustified(),
                new Text(stage.ExpectedTasks is { } expected ? $"{stage.CompletedTasks}/{expected}" : $"{stage.CompletedTasks}").RightJustified(),
                Note(stage));
        }

        return new Rows(grid, Summary(status));
    }

    public static Paragraph Bar(double? ratio, WorkflowState state, int width = BarWidth)
    {
        var filled = (int)Math.Round((ratio ?? (state == WorkflowState.Succeeded ? 1 : 0)) * width);
        return new Paragraph()
            .Append(new string('━', filled), new Style(ColorOf(state)))
            .Append(new string('─', width - filled), new Style(Color.Grey));
    }

    private static Text Note(StageStatus stage)
    {
        string[] notes =
        [
            stage.State switch
            {
                WorkflowState.Pending or WorkflowState.Running or WorkflowState.Succeeded => "",
                var state => state.ToString().ToLowerInvariant(),
            },
            stage.FailedTasks > 0 ? $"{stage.FailedTasks} failed" : "",
            stage.Revisions > 0 ? $"revision {stage.Revisions}" : "",
        ];
        return new Text(string.Join(", ", notes.Where(n => n.Length > 0)), new Style(Color.Yellow));
    }

    private static Text Summary(WorkflowStatus status)
    {
        string[] parts =
        [
            status.Workflow,
            status.CompletionRatio is { } ratio ? $"{Math.Floor(ratio * 100):0} %" : "",
            $"{DurationText.Of(status.Elapsed)} so far",
            DurationText.Left(status.Estimate),
        ];
        return new Text(string.Join("  ", parts.Where(p => p.Length > 0)), new Style(decoration: Decoration.Bold));
    }

    private static Color ColorOf(WorkflowState state) => state switch
    {
        WorkflowState.Succeeded => Color.Green,
        WorkflowState.Failed or WorkflowState.Abandoned => Color.Red,
        WorkflowState.Stalled or WorkflowState.Waiting or WorkflowState.Cancelled => Color.Yellow,
        _ => Color.Blue,
    };
}
