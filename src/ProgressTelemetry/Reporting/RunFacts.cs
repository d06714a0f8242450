namespace ProgressTelemetry.Reporting;

/// <summary>All that a report is made from, read from the run in one go; the analysis is a pure function of it. Times in seconds, from the run's start.</summary>
internal sealed record RunFacts
{
    public required WorkflowStatus Status { get; init; }

    public required double Elapsed { get; init; }

    /// <summary>The run's whole duration, spent and predicted; null while nothing is predicted.</summary>
    public double? Duration { get; init; }

    /// <summary>What gains are shares of: the whole duration, or what has passed while nothing is predicted.</summary>
    public double Whole => Duration ?? Elapsed;

    /// <summary>Seconds during which nothing ran although no wait was declared.</summary>
    public double Idle { get; init; }

    /// <summary>Seconds during which the run was in a declared wait and nothing ran.</summary>
    public double Waiting { get; init; }

    /// <summary>Sum of the durations of ended timed tasks.</summary>
    public double TaskSeconds { get; init; }

    public required IReadOnlyList<StageFacts> Stages { get; init; }

    /// <summary>The run as a profile, as its history keeps them.</summary>
    public required RunProfile Profile { get; init; }

    /// <summary>Profiles of earlier runs, newest first.</summary>
    public IReadOnlyList<RunProfile> History { get; init; } = [];

    public IReadOnlyList<CoursePoint> Timeline { get; init; } = [];

    public bool IsEnded => Status.Result is not null;
}
