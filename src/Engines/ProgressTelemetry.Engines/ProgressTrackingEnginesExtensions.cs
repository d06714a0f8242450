using ProgressTelemetry;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Has a tracker follow workflow engines by the spans that they emit.</summary>
public static class ProgressTrackingEnginesExtensions
{
    /// <summary>Follows all engines that there are built-in rules for: <see cref="Engines.All"/>.</summary>
    /// <param name="options">The tracker's options.</param>
    /// <returns>The options.</returns>
    public static ProgressTrackingOptions FollowEngines(this ProgressTrackingOptions options) => options.Follow(Engines.All);

    /// <summary>Follows some engines.</summary>
    /// <param name="options">The tracker's options.</param>
    /// <param name="engines">Their rules, such as <see cref="Engines.Quartz"/>.</param>
    /// <returns>The options.</returns>
    /// <exception cref="ArgumentException">A rule lacks what its role needs.</exception>
    public static ProgressTrackingOptions Follow(this ProgressTrackingOptions options, params IReadOnlyList<SpanRule>[] engines)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(engines);
        foreach (var rules in engines)
        {
            options.GetAdapter<SpanAdapter>().Add(rules);
        }

        return options;
    }

    /// <summary>Follows spans by rules of your own.</summary>
    /// <param name="options">The tracker's options.</param>
    /// <param name="rules">The rules: of a source's, the first that fits a span counts.</param>
    /// <returns>The options.</returns>
    /// <exception cref="ArgumentException">A rule is null, or lacks what its role needs.</exception>
    public static ProgressTrackingOptions Follow(this ProgressTrackingOptions options, params SpanRule[] rules)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.GetAdapter<SpanAdapter>().Add(rules);
        return options;
    }

    /// <summary>Leaves the sources of followed engines out of the tracer provider, unless you add them yourself: what is exported then is what would be without following.</summary>
    /// <param name="options">The tracker's options.</param>
    /// <returns>The options.</returns>
    public static ProgressTrackingOptions WithoutEngineSpans(this ProgressTrackingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.GetAdapter<SpanAdapter>().ExportsSpans = false;
        return options;
    }
}
