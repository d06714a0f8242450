namespace ProgressTelemetry;

/// <summary>What a report adds to a stage's <see cref="StageStatus"/>.</summary>
public sealed record StageReport
{
    /// <summary>The stage's name.</summary>
    public required string Name { get; init; }

    /// <summary>The stage's share of the wall-clock time spent so far, 0 to 1; all stages and the waiting of the whole run add up to 1.</summary>
    public required double WallShare { get; init; }

    /// <summary>Wall-clock time that it is still predicted to take; zero when it has ended or nothing is predicted.</summary>
    public TimeSpan RemainingWallTime { get; init; }

    /// <summary>When it ran. Of more than 64 attempts the last span stands for all that follow.</summary>
    public IReadOnlyList<StageSpan> Attempts { get; init; } = [];

    /// <summary>Its declared waits. Of more than 64 the last span stands for all that follow.</summary>
    public IReadOnlyList<StageSpan> Waits { get; init; } = [];

    /// <summary>The planned stages that had to end before it.</summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];

    /// <summary>Whether it is on the chain that decides the end (<see cref="ProgressReport.CriticalChain"/>).</summary>
    public bool IsCritical { get; init; }

    /// <summary>Its pace beside the earlier runs'; null when it is no slower than theirs or there is nothing to compare.</summary>
    public HistoryComparison? SlowerThanHistory { get; init; }
}
