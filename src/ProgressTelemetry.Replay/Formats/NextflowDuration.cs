using System.Globalization;
using System.Text.RegularExpressions;

namespace ProgressTelemetry.Replay.Formats;

/// <summary>Durations as Nextflow writes them: <c>1h 2m 3s</c>, <c>5.1s</c>, <c>931ms</c>; raw, a number of ms.</summary>
internal static partial class NextflowDuration
{
    public static bool TryRead(string text, out TimeSpan time)
    {
        time = default;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var raw))
        {
            return TrySum(raw, out time);
        }

        var match = Human.Match(text);
        return match.Success && TrySum(match.Groups["part"].Captures.Sum(Milliseconds), out time);
    }

    [GeneratedRegex(@"^(?<part>\d+(\.\d+)?\s*(ms|s|m|h|d)\s*)+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Human { get; }

    private static double Milliseconds(Capture part)
    {
        var unit = part.Value.AsSpan().TrimEnd().TrimStart("0123456789. ");
        var number = double.Parse(part.Value.AsSpan()[..part.Value.AsSpan().IndexOf(unit, StringComparison.Ordinal)], NumberStyles.Float, CultureInfo.InvariantCulture);
        return number * unit switch { "ms" => 1, "s" => 1000, "m" => 60_000, "h" => 3_600_000, _ => 86_400_000 };
    }

    private static bool TrySum(double milliseconds, out TimeSpan time)
    {
        var isOne = milliseconds is >= 0 and < 1e13;
        time = isOne ? TimeSpan.FromMilliseconds(milliseconds) : default;
        return isOne;
    }
}
