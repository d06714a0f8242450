using Microsoft.Extensions.Diagnostics.HealthChecks;
using ProgressTelemetry;
using ProgressTelemetry.AspNetCore;
using ProgressTelemetry.AspNetCore.Health;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a health check of the tracked work.</summary>
public static class ProgressTrackingHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a check that is degraded while a run is stalled or past its deadline, and unhealthy (or <paramref name="failureStatus"/>) when the tracker's timer stands, so that nobody would notice. Its data names up to ten runs of each kind.
    /// </summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="configure">What it looks at; default: <see cref="ProgressHealthCheckOptions"/>'s defaults.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="failureStatus">What it reports when the timer stands; default: <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">Tags to filter checks by.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="name"/> is null.</exception>
    public static IHealthChecksBuilder AddProgressTracking(
        this IHealthChecksBuilder builder,
        Action<ProgressHealthCheckOptions>? configure = null,
        string name = "progress",
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(name);
        var options = new ProgressHealthCheckOptions();
        configure?.Invoke(options);
        return builder.Add(new HealthCheckRegistration(name, services => new ProgressHealthCheck(TrackerOf(services), options), failureStatus, tags));
    }

    private static ProgressTracker TrackerOf(IServiceProvider services) => services.GetService<ProgressTracker>()
        ?? throw new InvalidOperationException("The health check found no ProgressTracker among the services. Call AddProgressTracking() on them too.");
}
