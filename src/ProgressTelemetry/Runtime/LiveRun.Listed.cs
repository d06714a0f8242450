using ProgressTelemetry.Model;

namespace ProgressTelemetry.Runtime;

/// <content>The run in a list of runs.</content>
internal sealed partial class LiveRun : IListedRun
{
    public DateTimeOffset StartedAt => Model.StartedWall;

    public DateTimeOffset? EndedAt => Final?.EndedAt;

    public DateTimeOffset? Deadline => Model.Deadline;

    public (WorkflowState State, bool HasText) Look(string text)
    {
        lock (Gate)
        {
            return (Model.State, text.Length > 0 && Model.Stages.Any(stage => stage.IsOpen && stage.Name.Contains(text, StringComparison.OrdinalIgnoreCase)));
        }
    }
}
