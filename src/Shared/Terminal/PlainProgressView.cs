namespace ProgressTelemetry.Shared.Terminal;

/// <summary>Progress as plain lines, for a log or a pipe: one for each tenth of the run, and one for each stage that ended.</summary>
internal sealed class PlainProgressView(TextWriter output, Func<WorkflowStatus, string>? label = null) : IProgressView
{
    private readonly HashSet<string> _endedStages = new(StringComparer.Ordinal);
    private int _tenths;

    public void Update(WorkflowStatus status)
    {
        var name = label?.Invoke(status) ?? status.Workflow;
        foreach (var stage in status.Stages.Where(s => s.EndedAt is not null && _endedStages.Add(s.Name)))
        {
            output.WriteLine($"{name}: {stage.Name} {Outcome(stage.State)}, {stage.CompletedTasks} tasks in {DurationText.Of(stage.EndedAt!.Value - stage.StartedAt!.Value)}");
        }

        if (status.CompletionRatio is { } ratio && (int)(ratio * 10) is var tenths && tenths > _tenths)
        {
            _tenths = tenths;
            var left = tenths < 10 ? DurationText.Left(status.Estimate) : "";
            output.WriteLine($"{name}: {tenths * 10} %, {status.CompletedTasks} of {status.ExpectedTasks} tasks{(left.Length > 0 ? ", " : "")}{left}");
        }
    }

    private static string Outcome(WorkflowState state) => state == WorkflowState.Succeeded ? "done" : state.ToString().ToLowerInvariant();
}
