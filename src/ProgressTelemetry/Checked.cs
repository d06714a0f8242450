using System.Runtime.CompilerServices;

namespace ProgressTelemetry;

/// <summary>The checks on what callers pass in: wrong use fails at the call that made it, with a message that says what is allowed.</summary>
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
            throw new ArgumentException($"{what}'s name may have at most {MaxNameLength} characters; this one has {name.Length}.", parameter);
        }

        return name;
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

    public static TimeSpan Positive(TimeSpan time, string parameter) =>
        time > TimeSpan.Zero ? time : throw new ArgumentOutOfRangeException(parameter, time, "The time must be over zero.");
}
