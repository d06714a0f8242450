using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ProgressTelemetry.Replay.Formats;

/// <summary>
/// Reads a recording's moments as seconds since its start: seconds as they are; seconds or milliseconds since 1970, or ISO 8601, from the first of them on. One recording has moments of one kind.
/// </summary>
internal sealed class MomentReader
{
    /// <summary>Ten years, in s: a longer run is a mistake of unit.</summary>
    private const double LongestSeconds = 3.16e8;

    /// <summary>The years 2000 to 2100, in s since 1970: what is in them is a date.</summary>
    private const double FirstEpoch = 9.467e8, LastEpoch = 4.102e9;

    private string? _kind;

    /// <summary>The first moment; null when the moments are no dates.</summary>
    public DateTimeOffset? Origin { get; private set; }

    /// <summary>Reads an ISO 8601 date and time; without a zone it is taken as UTC.</summary>
    public static bool TryIso(string text, out DateTimeOffset moment)
    {
        moment = default;
        return text.Length > 10 && char.IsAsciiDigit(text[0]) && text[4] == '-'
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out moment);
    }

    /// <summary>Reads milliseconds since 1970, of the years 2000 to 2100.</summary>
    public static bool TryEpochMilliseconds(string text, out DateTimeOffset moment)
    {
        var isOne = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number / 1000 is >= FirstEpoch and <= LastEpoch;
        moment = isOne ? DateTimeOffset.UnixEpoch.AddTicks((long)Math.Round(number * TimeSpan.TicksPerMillisecond)) : default;
        return isOne;
    }

    public bool TryRead(string text, out double seconds, [NotNullWhen(false)] out string? error)
    {
        (seconds, error) = (0, null);
        string kind;
        if (TryIso(text, out var moment))
        {
            kind = "ISO 8601 dates";
        }
        else if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out seconds) || !double.IsFinite(seconds))
        {
            error = $"t is '{text}', which is not a number, nor a date in ISO 8601";
            return false;
        }
        else if (seconds is >= FirstEpoch and <= LastEpoch)
        {
            kind = "seconds since 1970";
            moment = DateTimeOffset.UnixEpoch.AddTicks((long)(decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) * TimeSpan.TicksPerSecond));
        }
        else if (TryEpochMilliseconds(text, out moment))
        {
            kind = "milliseconds since 1970";
        }
        else if (seconds is >= 0 and <= LongestSeconds)
        {
            kind = "seconds";
        }
        else
        {
            error = $"t is {text}; it must be from 0 to {LongestSeconds:0} seconds, or since 1970 a moment from 2000 to 2100";
            return false;
        }

        if ((_kind ??= kind) != kind)
        {
            error = $"t is {text}, which is of {kind}; the lines before have {_kind}";
            return false;
        }

        if (kind != "seconds")
        {
            Origin ??= moment;
            seconds = (moment - Origin.Value).TotalSeconds;
        }

        return true;
    }
}
