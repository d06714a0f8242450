using System.Collections.Frozen;

namespace ProgressTelemetry.Exporter.Prometheus.Naming;

/// <summary>Translates UCUM units to the words that Prometheus names use: <c>ms</c> to <c>milliseconds</c>, <c>By/s</c> to <c>bytes_per_second</c>.</summary>
internal static class UnitTranslator
{
    // The tables of the OpenTelemetry collector's and Prometheus' own translators.
    private static readonly FrozenDictionary<string, string> Units = new Dictionary<string, string>
    {
        ["d"] = "days", ["h"] = "hours", ["min"] = "minutes", ["s"] = "seconds", ["ms"] = "milliseconds", ["us"] = "microseconds", ["ns"] = "nanoseconds",
        ["By"] = "bytes", ["KiBy"] = "kibibytes", ["MiBy"] = "mebibytes", ["GiBy"] = "gibibytes", ["TiBy"] = "tibibytes",
        ["KBy"] = "kilobytes", ["kBy"] = "kilobytes", ["MBy"] = "megabytes", ["GBy"] = "gigabytes", ["TBy"] = "terabytes",
        ["m"] = "meters", ["V"] = "volts", ["A"] = "amperes", ["J"] = "joules", ["W"] = "watts", ["g"] = "grams",
        ["Cel"] = "celsius", ["Hz"] = "hertz", ["%"] = "percent", ["1"] = "",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> PerUnits = new Dictionary<string, string>
    {
        ["s"] = "second", ["m"] = "minute", ["min"] = "minute", ["h"] = "hour", ["d"] = "day", ["w"] = "week", ["mo"] = "month", ["y"] = "year",
    }.ToFrozenDictionary();

    /// <summary>The unit's words joined by underscores, or an empty string when the unit says nothing that a Prometheus name holds.</summary>
    public static string Translate(string? unit)
    {
        var stripped = WithoutAnnotations(unit);
        if (stripped.Length == 0)
        {
            return "";
        }

        var slash = stripped.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            return Word(stripped, Units);
        }

        var main = Word(stripped[..slash], Units);
        var per = Word(stripped[(slash + 1)..], PerUnits);
        return (main.Length, per.Length) switch
        {
            (_, 0) => main,
            (0, _) => "per_" + per,
            _ => main + "_per_" + per,
        };
    }

    private static string Word(string unit, FrozenDictionary<string, string> words)
    {
        var trimmed = unit.Trim();
        return words.TryGetValue(trimmed, out var word) ? word : NameSanitizer.Underscored(trimmed).Trim('_');
    }

    /// <summary>Drops <c>{annotations}</c>: a count of something has no unit in Prometheus.</summary>
    private static string WithoutAnnotations(string? unit)
    {
        if (string.IsNullOrWhiteSpace(unit) || !unit.Contains('{', StringComparison.Ordinal))
        {
            return unit?.Trim() ?? "";
        }

        var kept = new System.Text.StringBuilder(unit.Length);
        var inside = false;
        foreach (var c in unit)
        {
            inside = c switch { '{' => true, '}' => false, _ => inside };
            if (!inside && c != '}')
            {
                kept.Append(c);
            }
        }

        return kept.ToString().Trim();
    }
}
