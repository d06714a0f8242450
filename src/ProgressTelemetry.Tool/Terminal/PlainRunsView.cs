using ProgressTelemetry.Shared.Terminal;
using ProgressTelemetry.Tool.Client;

namespace ProgressTelemetry.Tool.Terminal;

/// <summary>All runs as plain lines, for a log or a pipe: when one starts or is first seen, for each tenth and each stage of it, and when it ends.</summary>
internal sealed class PlainRunsView(TextWriter output)
{
    private readonly Dictionary<string, PlainProgressView> _views = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ended = new(StringComparer.Ordinal);

    public void Update(RunsPage page)
    {
        foreach (var run in page.Runs)
        {
            if (!_views.TryGetValue(run.RunId, out var view))
            {
                _views.Add(run.RunId, view = new PlainProgressView(output, Label));
                output.WriteLine($"{Label(run)}: {run.State.ToString().ToLowerInvariant()}");
            }

            view.Update(run);
            if (run.EndedAt is not null && _ended.Add(run.RunId))
            {
                output.WriteLine(End(run));
            }
        }

        // Nothing more is told of a run that has left the page.
        foreach (var gone in _views.Keys.Except(page.Runs.Select(run => run.RunId), StringComparer.Ordinal).ToList())
        {
            _views.Remove(gone);
            _ended.Remove(gone);
        }
    }

    public static string End(WorkflowStatus run) =>
        $"{Label(run)}: {run.State.ToString().ToLowerInvariant()}{(run.ErrorType is { } error ? $" ({error})" : "")}, {run.CompletedTasks} tasks in {DurationText.Of(run.Elapsed)}";

    private static string Label(WorkflowStatus run) => $"{run.Workflow} {run.RunId}";
}
