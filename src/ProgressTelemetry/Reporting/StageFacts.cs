namespace ProgressTelemetry.Reporting;

/// <summary>What a report is made from, of one stage. Times in seconds, from the run's start.</summary>
internal sealed record StageFacts
{
    public required StageStatus Status { get; init; }

    public IReadOnlyList<string> DependsOn { get; init; } = [];

    public IReadOnlyList<StageSpan> Attempts { get; init; } = [];

    public IReadOnlyList<StageSpan> Waits { get; init; } = [];

    public double Wall { get; init; }

    public double RemainingWall { get; init; }

    /// <summary>Mean seconds a task, as profiles have it; null while too little has happened to tell.</summary>
    public double? TaskSeconds { get; init; }

    public string Name => Status.Name;
}
