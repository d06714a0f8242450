namespace ProgressTelemetry.EnginesDemo;

/// <summary>How fast the work goes.</summary>
/// <param name="Speed">Times human speed.</param>
internal sealed record Pace(double Speed)
{
    /// <summary>Works, or waits, for so long at human speed.</summary>
    public Task WorkAsync(double seconds, CancellationToken cancellationToken) => Task.Delay(TimeSpan.FromSeconds(seconds / Speed), cancellationToken);
}
