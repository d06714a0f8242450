using System.Globalization;

// This file is compiled into each assembly that says to somebody who waits how long it will take.
namespace ProgressTelemetry.Shared;

/// <summary>A forecast as people say it, in the words of the web component: "about 4 min left (2 to 9)".</summary>
internal static class TimeLeftText
{
    /// <summary>"about 4 min left (2 to 9)"; null when there is no forecast.</summary>
    public static string? Of(TimeEstimate? estimate)
    {
        if (estimate is null)
        {
            return null;
        }

        if (estimate.Remaining < TimeSpan.FromSeconds(1))
        {
            return "about to end";
        }

        var (main, low, high) = (Rough(estimate.Remaining), Rough(estimate.RemainingLow), Rough(estimate.RemainingHigh));
        var left = $"about {Text(main)} left";
        if (low == high)
        {
            return left;
        }

        // One unit is said once.
        var alike = low.Unit == high.Unit;
        return $"{left} ({(alike ? Number(low.Value) : Text(low))} to {(alike && high.Unit == main.Unit ? Number(high.Value) : Text(high))})";
    }

    /// <summary>A length of time, as coarse as an estimate deserves.</summary>
    public static string About(TimeSpan time) => Text(Rough(time));

    private static (double Value, string Unit) Rough(TimeSpan time)
    {
        var seconds = Math.Max(0, time.TotalSeconds);
        return seconds switch
        {
            < 20 => (Math.Max(1, Math.Round(seconds)), "s"),
            < 90 => (Math.Round(seconds / 5) * 5, "s"),
            < 90 * 60 => (Math.Round(seconds / 60), "min"),
            < 36 * 3600 => (Math.Round(seconds / 1800) / 2, "h"),
            _ => (Math.Round(seconds / 8640) / 10, "d"),
        };
    }

    private static string Text((double Value, string Unit) time) => $"{Number(time.Value)} {time.Unit}";

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
