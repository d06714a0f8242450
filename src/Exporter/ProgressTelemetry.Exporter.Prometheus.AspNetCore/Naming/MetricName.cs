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
    public static MetricName Translate(string name, string? unit, MetricType type, NamingRules rules)
    {
        var isCounter = type is MetricType.LongSum or MetricType.DoubleSum;
        var translated = rules.KeepsUtf8 ? name : NameSanitizer.MetricName(name);

        // The unit stands before the type's suffix, also when the instrument's name brought that suffix along.
        var hadTotal = isCounter && translated.Length > Total.Length && (translated.EndsWith(Total, StringComparison.Ordinal) || translated.EndsWith(".total", StringComparison.Ordinal));
        var untyped = hadTotal && rules.AddsSuffixes ? translated[..^Total.Length] : translated;
        var unitWord = UnitWord(unit, type);
        if (rules.AddsSuffixes && unitWord.Length > 0 && !EndsInWord(untyped, unitWord))
        {
            untyped = Join(untyped, unitWord, rules);
        }

        var sample = isCounter && rules.AddsSuffixes ? Join(untyped, "total", rules) : untyped;
        var escapedSample = rules.Metric(sample);
        var family = isCounter && escapedSample.EndsWith(Total, StringComparison.Ordinal) ? escapedSample[..^Total.Length] : escapedSample;
        return new(family, escapedSample, rules.AddsSuffixes && unitWord.Length > 0 && family.EndsWith('_' + unitWord, StringComparison.Ordinal) ? unitWord : "");
    }

    /// <summary>A gauge of unit 1 is a ratio; a count or a histogram of unit 1 is not (as in the collector's translator).</summary>
    private static string UnitWord(string? unit, MetricType type) =>
        unit == "1" && type is (MetricType.LongGauge or MetricType.DoubleGauge) ? "ratio" : UnitTranslator.Translate(unit);

    private static bool EndsInWord(string name, string word) => ("_" + NameSanitizer.MetricName(name)).EndsWith('_' + word, StringComparison.Ordinal);

    private static string Join(string name, string suffix, NamingRules rules) => rules.KeepsUtf8 ? name + "_" + suffix : name.TrimEnd('_') + "_" + suffix;
}
