namespace ProgressTelemetry.AspNetCore.Json;

/// <summary>The runs of a tracker at one moment. The totals count all runs, also those that a bounded list leaves out.</summary>
internal sealed record RunsJson
{
    public required DateTimeOffset AsOf { get; init; }

    public required int ActiveTotal { get; init; }

    public required int RecentlyEndedTotal { get; init; }

    /// <summary>How many active runs are in each state; states without any are left out.</summary>
    public required IReadOnlyDictionary<string, int> States { get; init; }

    /// <summary>Oldest first.</summary>
    public required IReadOnlyList<RunJson> Active { get; init; }

    /// <summary>Newest first.</summary>
    public required IReadOnlyList<RunJson> RecentlyEnded { get; init; }

    public static RunsJson From(ProgressTracker tracker, int mostActive = int.MaxValue, int mostEnded = int.MaxValue)
    {
        var active = tracker.GetActive();
        var ended = tracker.GetRecentlyEnded();
        return new()
        {
            AsOf = tracker.UtcNow,
            ActiveTotal = active.Count,
            RecentlyEndedTotal = ended.Count,
            States = active.CountBy(run => run.State).ToDictionary(pair => pair.Key.ToString().ToLowerInvariant(), pair => pair.Value),
            // Runs that started at the same moment keep their places from one answer to the next.
            Active = [.. MostUrgent(active, mostActive).OrderBy(run => run.StartedAt).ThenBy(run => run.RunId, StringComparer.Ordinal).Select(RunJson.From)],
            RecentlyEnded = [.. ended.Take(mostEnded).Select(RunJson.From)],
        };
    }

    /// <summary>When not all can be shown: those that need somebody to look, then the oldest.</summary>
    private static IEnumerable<WorkflowStatus> MostUrgent(IReadOnlyList<WorkflowStatus> runs, int most) =>
        runs.Count <= most
            ? runs
            : runs
                .OrderByDescending(run => run.State == WorkflowState.Stalled || run.Deadline < run.AsOf)
                .ThenBy(run => run.StartedAt)
                .ThenBy(run => run.RunId, StringComparer.Ordinal)
                .Take(most);
}
