using OpenTelemetry.Metrics;

namespace ProgressTelemetry.Exporter.Prometheus.Naming;

/// <summary>
/// What a metric is called in a scrape. <see cref="Family"/> is the name without a counter's <c>_total</c>; <see cref="Unit"/> is empty unless the family's name ends in it,
/// which OpenMetrics demands of <c># UNIT</c>.
/// </summary>
internal readonly record struct MetricName(string Family, string Sample, string Unit)
{
    private const string Total = "_total";

    /// <summary>Translates an instrument's name, unit and kind.</summary>
    public static MetricName Translate(string name, string? unit, MetricType type, LabelNaming naming)
    {
        var (strategy, scheme) = naming;
        var keepsUtf8 = strategy is PrometheusTranslationStrategy.NoUtf8EscapingWithSuffixes or PrometheusTranslationStrategy.NoTranslation;
        var withSuffixes = strategy is PrometheusTranslationStrategy.NoUtf8EscapingWithSuffixes or PrometheusTranslationStrategy.UnderscoreEscapingWithSuffixes;
        var isCounter = type is MetricType.LongSum or MetricType.DoubleSum;
        var translated = keepsUtf8 ? name : NameSanitizer.MetricName(name);

        // The unit stands before the type's suffix, also when the instrument's name brought that suffix along.
        var hadTotal = isCounter && translated.Length > Total.Length && (translated.EndsWith(Total, StringComparison.Ordinal) || translated.EndsWith(".total", StringComparison.Ordinal));
        var untyped = hadTotal && withSuffixes ? translated[..^Total.Length] : translated;
        var unitWord = UnitWord(unit, type);
        if (withSuffixes && unitWord.Length > 0 && !ContainsWord(untyped, unitWord))
        {
            untyped = Join(untyped, unitWord, keepsUtf8);
        }

        var sample = isCounter && withSuffixes ? Join(untyped, "total", keepsUtf8) : untyped;
        var escapedSample = Escape(sample, keepsUtf8, scheme);
        var family = isCounter && escapedSample.EndsWith(Total, StringComparison.Ordinal) ? escapedSample[..^Total.Length] : escapedSample;
        return new(family, escapedSample, withSuffixes && unitWord.Length > 0 && family.EndsWith('_' + unitWord, StringComparison.Ordinal) ? unitWord : "");
    }

    /// <summary>Translates an attribute's name to a label's.</summary>
    public static string Label(string attribute, PrometheusTranslationStrategy strategy, EscapingScheme scheme)
    {
        var keepsUtf8 = strategy is PrometheusTranslationStrategy.NoUtf8EscapingWithSuffixes or PrometheusTranslationStrategy.NoTranslation;
        return keepsUtf8 ? NameEscaper.Escape(attribute, scheme, colonAllowed: false) : EscapeTranslated(NameSanitizer.Underscored(attribute), scheme, colonAllowed: false);
    }

    private static string Escape(string name, bool keepsUtf8, EscapingScheme scheme) =>
        keepsUtf8 ? NameEscaper.Escape(name, scheme, colonAllowed: true) : EscapeTranslated(name, scheme, colonAllowed: true);

    private static string EscapeTranslated(string name, EscapingScheme scheme, bool colonAllowed) =>
        scheme == EscapingScheme.Underscores ? name : NameEscaper.Escape(name, scheme, colonAllowed);

    /// <summary>A gauge of unit 1 is a ratio; a count or a histogram of unit 1 is not (as in the collector's translator).</summary>
    private static string UnitWord(string? unit, MetricType type) =>
        unit == "1" && type is (MetricType.LongGauge or MetricType.DoubleGauge) ? "ratio" : UnitTranslator.Translate(unit);

    private static bool ContainsWord(string name, string word) =>
        ("_" + NameSanitizer.MetricName(name) + "_").Contains("_" + word + "_", StringComparison.Ordinal);

    private static string Join(string name, string suffix, bool keepsUtf8) => keepsUtf8 ? name + "_" + suffix : name.TrimEnd('_') + "_" + suffix;
}
