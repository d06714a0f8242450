namespace ProgressTelemetry.Demo.Scenarios;

/// <summary>What `serve` was asked to do.</summary>
internal sealed record ServeSettings
{
    /// <summary>How many times faster than human speed the work goes.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>The folder that the catalog pipeline reads.</summary>
    public required string Folder { get; init; }

    /// <summary>How many milestones the release of the incidents has.</summary>
    public int Milestones { get; init; } = 5;

    /// <summary>The id of the run that several processes share.</summary>
    public string? RunId { get; init; }

    /// <summary>This process's share of that run.</summary>
    public Share Share { get; init; } = new(1, 1);

    /// <summary>A time at human speed, made as short as the speed asks.</summary>
    public TimeSpan Scaled(double seconds) => TimeSpan.FromSeconds(seconds / Speed);
}
