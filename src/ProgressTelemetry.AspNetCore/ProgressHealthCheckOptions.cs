namespace ProgressTelemetry.AspNetCore;

/// <summary>What the health check of <c>AddHealthChecks().AddProgressTracking()</c> looks at.</summary>
public sealed class ProgressHealthCheckOptions
{
    /// <summary>Whether a stalled run makes the application degraded; default: it does.</summary>
    public bool DegradedWhenStalled { get; set; } = true;

    /// <summary>Whether a live run past its deadline makes the application degraded; default: it does.</summary>
    public bool DegradedWhenPastDeadline { get; set; } = true;

    /// <summary>For how long the tracker's timer, which ticks every second, may stand before the application is unhealthy; 2 s or more, default: 15 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 2 s.</exception>
    public TimeSpan HeartbeatTimeout
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromSeconds(2));
            field = value;
        }
    } = TimeSpan.FromSeconds(15);
}
