using OpenTelemetry;
using ProgressTelemetry;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds progress tracking to an application's OpenTelemetry.</summary>
public static class ProgressTrackingOpenTelemetryBuilderExtensions
{
    /// <summary>
    /// Adds the <see cref="ProgressTracker"/> to the application's services, and its meters and source to its providers. Adding it again only adds configuration.
    /// </summary>
    /// <remarks>
    /// The options are those of the configuration's section <c>ProgressTracking</c>, changed by <paramref name="configure"/>, and checked when the host starts.
    /// The services of <c>OpenTelemetrySdk.Create</c> are its own and hand out no tracker: make one, <c>new ProgressTracker()</c>, beside it, or give it yours with <c>builder.Services.AddSingleton(tracker)</c>. Dispose it after the SDK.
    /// </remarks>
    /// <typeparam name="T">The builder's own type, which survives chaining.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the options.</param>
    /// <returns>The builder.</returns>
    public static T AddProgressTracking<T>(this T builder, Action<ProgressTrackingOptions>? configure = null)
        where T : IOpenTelemetryBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddProgressTracking(configure);
        return builder;
    }
}
