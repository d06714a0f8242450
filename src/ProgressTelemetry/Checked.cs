using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ProgressTelemetry;

/// <summary>The checks on what callers pass in: wrong use fails at the call that made it, with a message that says what is allowed; what comes from data is cut, never refused.</summary>
internal static class Checked
{
    /// <summary>Longer names make label values that no dashboard can show.</summary>
    public const int MaxNameLength = 200;

    /// <summary>The largest count that a double, and so every metrics back end, holds exactly.</summary>
    public const long MaxCount = 1L << 53;

    public static string Name(string name, string what, [CallerArgumentExpression(nameof(name))] string? parameter = null)
    {
        ArgumentNullException.ThrowIfNull(name, parameter);
        if (string.IsNullOrWhiteSpace(name))
        {
            throw new ArgumentException($"{what} needs a name that is not empty and not white space alone.", parameter);
        }

        if (name.Length > MaxNameLength)
        {
            throw new ArgumentException($"{what}'s name may have at most {MaxNameLength} characters; this one has {name.Length.ToString(CultureInfo.InvariantCulture)}.", parameter);
        }

        return name;
    }

    /// <summary>Whether something that was read is a name that could have been given.</summary>
    public static bool IsName(string? name) => !string.IsNullOrWhiteSpace(name) && name.Length <= MaxNameLength;

    /// <summary>A text from data, such as a task's id: of any length, and shortened with a hash when it is long, so that it stays one id.</summary>
    public static string Text(string text, [CallerArgumentExpression(nameof(text))] string? parameter = null)
    {
        ArgumentNullException.ThrowIfNull(text, parameter);
        if (text.Length <= MaxNameLength)
        {
            return text;
        }

        var kept = MaxNameLength - 17;
        kept -= char.IsHighSurrogate(text[kept - 1]) ? 1 : 0;
        var hash = SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan()));
        return $"{text.AsSpan(0, kept)}~{Convert.ToHexStringLower(hash.AsSpan(0, 8))}";
    }

    /// <summary>A run's id: not empty, and shortened as other texts from data are.</summary>
    public static string RunId(string id, [CallerArgumentExpression(nameof(id))] string? parameter = null)
    {
        ArgumentNullException.ThrowIfNull(id, parameter);
        return string.IsNullOrWhiteSpace(id) ? Name(id, "A run id", parameter) : Text(id, parameter);
    }

    public static long Count(long count, [CallerArgumentExpression(nameof(count))] string? parameter = null)
    {
        if (count is < 0 or > MaxCount)
        {
            throw new ArgumentOutOfRangeException(parameter, count, "A count must be from 0 to 2^53.");
        }

        return count;
    }

    public static double Ratio(double ratio, [CallerArgumentExpression(nameof(ratio))] string? parameter = null) =>
        ratio is >= 0 and <= 1 ? ratio : throw new ArgumentOutOfRangeException(parameter, ratio, "A completion must be a number from 0 to 1.");

    /// <summary>A time-out for silence: the timer looks once a second, and a shorter one could not be kept.</summary>
    public static TimeSpan StallTimeout(TimeSpan time, string parameter) =>
        time >= TimeSpan.FromSeconds(1) ? time : throw new ArgumentOutOfRangeException(parameter, time, "The time must be one second or more: runs are looked at once a second.");
}
