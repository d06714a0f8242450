namespace ProgressTelemetry.Model;

/// <summary>A run's milestones in order of completion, and how far it has come through them.</summary>
internal sealed class MilestoneSet(IReadOnlyList<Milestone> milestones)
{
    // A ratio such as 1/3 of 3 tasks must be reached by the first task, whatever the rounding.
    private const double Tolerance = 1e-9;
    private readonly MilestoneStatus[] _milestones = [.. milestones.OrderBy(m => m.CompletionRatio).Select(m => new MilestoneStatus(m.Name, m.CompletionRatio, null))];
    private int _next;

    public int Count => _milestones.Length;

    public bool AllReached => _next == _milestones.Length;

    /// <summary>The last one reached, by name.</summary>
    public string? Current => _next > 0 ? _milestones[_next - 1].Name : null;

    public IReadOnlyList<MilestoneStatus> All => [.. _milestones];

    /// <summary>Whether the completion has reached the next milestone.</summary>
    public bool IsNextReached(double? completion) => !AllReached && completion >= _milestones[_next].CompletionRatio - Tolerance;

    /// <summary>Marks the next milestone as reached.</summary>
    public MilestoneStatus Reach(DateTimeOffset at)
    {
        ref var next = ref _milestones[_next++];
        return next = next with { ReachedAt = at };
    }

    /// <summary>What was reached before stays reached, and is not told again.</summary>
    public void Restore(IReadOnlyList<MilestoneStatus> before)
    {
        while (!AllReached && before.FirstOrDefault(known => known.Name == _milestones[_next].Name)?.ReachedAt is { } reached)
        {
            Reach(reached);
        }
    }

    /// <summary>How many more tasks bring the next milestone, at least 1; <see cref="long.MaxValue"/> when there is none.</summary>
    public long TasksToNext(double work, long? expected)
    {
        if (AllReached || expected is not { } tasks)
        {
            return long.MaxValue;
        }

        var missing = Math.Ceiling(((_milestones[_next].CompletionRatio - Tolerance) * tasks) - work);
        return Math.Max(1, (long)missing);
    }
}
