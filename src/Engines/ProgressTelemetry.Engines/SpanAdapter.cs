using ProgressTelemetry.Spans;

namespace ProgressTelemetry;

/// <summary>Follows engines by the spans that they emit: the adapter that <c>Follow</c> and <c>FollowEngines</c> configure.</summary>
public sealed class SpanAdapter : IProgressAdapter
{
    private readonly List<SpanRule> _rules = [];

    /// <summary>The rules: of a source's, the first that fits a span counts.</summary>
    public IReadOnlyList<SpanRule> Rules => _rules;

    /// <summary>Whether the engines' sources are added to the tracer provider. Default: true.</summary>
    public bool ExportsSpans { get; set; } = true;

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Sources => ExportsSpans ? [.. _rules.Select(rule => rule.Source).Distinct()] : [];

    internal TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>Adds rules; one that is there already stays where it is.</summary>
    /// <param name="rules">The rules.</param>
    /// <exception cref="ArgumentException">A rule is null, or lacks what its role needs.</exception>
    public void Add(IEnumerable<SpanRule> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        foreach (var rule in rules.ToArray())
        {
            if (rule is null)
            {
                throw new ArgumentException("A rule is null.", nameof(rules));
            }

            rule.Validate();
            if (!_rules.Contains(rule))
            {
                _rules.Add(rule);
            }
        }
    }

    /// <inheritdoc/>
    public IDisposable Start(ProgressTracker tracker, Action<string, Exception> failed)
    {
        ArgumentNullException.ThrowIfNull(tracker);
        ArgumentNullException.ThrowIfNull(failed);
        return new SpanListener([.. _rules], tracker, failed, Time);
    }
}
