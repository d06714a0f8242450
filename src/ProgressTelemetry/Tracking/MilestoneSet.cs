namespace ProgressTelemetry.Tracking;

/// <summary>A run's milestones in order of completion, and how far it has come through them.</summary>
internal sealed class MilestoneSet
{
    // A ratio such as 1/3 of 3 tasks must be reached by the first task, whatever the rounding.
    private const double Tolerance = 1e-9;
    private readonly Entry[] _entries;
    private int _next;

    public MilestoneSet(IReadOnlyList<Milestone> milestones, WorkflowDefinition definition) =>
        _entries = [.. milestones.OrderBy(m => m.CompletionRatio).Select(m => new Entry(m, definition.Milestone(m.Name)))];

    public int Count => _entries.Length;

    public bool AllReached => _next == _entries.Length;

    public string? Current => _next > 0 ? _entries[_next - 1].Milestone.Name : null;

    /// <summary>Whether the completion has reached the next milestone.</summary>
    public bool IsNextReached(double? completion) =>
        !AllReached && completion >= _entries[_next].Milestone.CompletionRatio - Tolerance;

    /// <summary>Marks the next milestone as reached at <paramref name="at"/>.</summary>
    public MilestoneStatus Reach(DateTimeOffset at)
    {
        var entry = _entries[_next++];
        entry.ReachedAt = at;
        entry.Counter.Add(1);
        return entry.ToStatus();
    }

    /// <summary>How many more tasks bring the next milestone, at least 1; <see cref="long.MaxValue"/> when there is none.</summary>
    public long TasksToNext(double done, long? expected)
    {
        if (AllReached || expected is not { } tasks)
        {
            return long.MaxValue;
        }

        var missing = Math.Ceiling(((_entries[_next].Milestone.CompletionRatio - Tolerance) * tasks) - done);
        return Math.Max(1, (long)missing);
    }

    public IReadOnlyList<MilestoneStatus> ToStatus() => [.. _entries.Select(e => e.ToStatus())];

    private sealed class Entry(Milestone milestone, NamedCount counter)
    {
        public Milestone Milestone { get; } = milestone;

        public NamedCount Counter { get; } = counter;

        public DateTimeOffset? ReachedAt { get; set; }

        public MilestoneStatus ToStatus() => new(Milestone.Name, Milestone.CompletionRatio, ReachedAt);
    }
}
