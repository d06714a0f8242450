using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ProgressTelemetry.AspNetCore.Health;

/// <summary>Whether the tracked work gets on, and whether somebody watches that it does.</summary>
internal sealed class ProgressHealthCheck(ProgressTracker tracker, ProgressHealthCheckOptions options) : IHealthCheck
{
    internal const int MostNames = 10;
    private const int LongestName = 200;

    private static readonly RunQuery Stalled = new() { States = [WorkflowState.Stalled], IncludeEnded = false, Take = MostNames };
    private static readonly RunQuery Moving = new() { States = [WorkflowState.Pending, WorkflowState.Running, WorkflowState.Waiting], IncludeEnded = false, Take = MostNames };

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Check(context.Registration.FailureStatus));

    private HealthCheckResult Check(HealthStatus failure)
    {
        var heartbeat = tracker.LastHeartbeat;
        var (stalled, moving) = (tracker.List(Stalled), tracker.List(Moving));

        // Among each, those past their deadline come first.
        string[] late = [.. stalled.Runs.Concat(moving.Runs).Where(run => run.Deadline < run.AsOf).Take(MostNames).Select(NameOf)];
        var data = new Dictionary<string, object>
        {
            ["lastHeartbeat"] = heartbeat,
            ["activeRuns"] = stalled.Active + moving.Active,
            ["stalledRuns"] = stalled.Active,
            ["stalled"] = stalled.Runs.Select(NameOf).ToArray(),
            ["pastDeadline"] = late,
        };

        var silence = tracker.UtcNow - heartbeat;
        if (silence > options.HeartbeatTimeout)
        {
            return new HealthCheckResult(failure, $"The tracker's timer has not ticked for {silence.TotalSeconds:F0} s: stalls and missed deadlines go unnoticed.", data: data);
        }

        var troubles = new List<string>();
        if (options.DegradedWhenStalled && stalled.Active > 0)
        {
            troubles.Add($"{stalled.Active} stalled");
        }

        if (options.DegradedWhenPastDeadline && late.Length > 0)
        {
            troubles.Add($"{late.Length}{(late.Length == MostNames ? " or more" : "")} past their deadline");
        }

        return troubles.Count == 0
            ? HealthCheckResult.Healthy(data: data)
            : HealthCheckResult.Degraded($"Runs: {string.Join(", ", troubles)}.", data: data);
    }

    private static string NameOf(WorkflowStatus run) => $"{Short(run.Workflow)}: {Short(run.RunId)}";

    private static string Short(string name) => name.Length <= LongestName ? name : name[..LongestName] + "…";
}
