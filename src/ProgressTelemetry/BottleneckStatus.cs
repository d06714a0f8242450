namespace ProgressTelemetry;

/// <summary>What decides how long a run takes.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Stage">The stage's name when <paramref name="Kind"/> is <see cref="BottleneckKind.Stage"/>; else null.</param>
/// <param name="Share">Its share of the run's predicted time, 0 to 1.</param>
public sealed record BottleneckStatus(BottleneckKind Kind, string? Stage, double Share);
