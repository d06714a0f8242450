using System.Text.Json.Serialization;

namespace ProgressTelemetry;

/// <summary>What is kept of one stage of a finished run.</summary>
public sealed record StageProfile
{
    /// <summary>Gets the stage's name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the number of tasks, at least 1: a stage that counted none is one task, itself.</summary>
    public required long Tasks { get; init; }

    /// <summary>Gets the mean duration of a task in seconds; of merely counted tasks, the mean time between two.</summary>
    public required double MeanSeconds { get; init; }

    /// <summary>Gets the longest duration of a task in seconds; 0 when tasks were merely counted.</summary>
    public double LongestSeconds { get; init; }

    /// <summary>Gets the wall-clock seconds attributed to the stage: each instant of the run is shared equally among the tasks then running.</summary>
    public required double WallSeconds { get; init; }

    /// <summary>Gets the seconds of declared waits in this stage during which nothing ran in the whole run.</summary>
    public double WaitSeconds { get; init; }

    /// <summary>Gets the share of the wall, 0..1, that was spent when the first task was completed.</summary>
    public required double WallShareAtFirst { get; init; }

    /// <summary>Gets the share of the wall, 0..1, that was spent when 25 % of the tasks were completed.</summary>
    public required double WallShareAt25 { get; init; }

    /// <summary>Gets the share of the wall, 0..1, that was spent when 50 % of the tasks were completed.</summary>
    public required double WallShareAt50 { get; init; }

    /// <summary>Gets the share of the wall, 0..1, that was spent when 75 % of the tasks were completed.</summary>
    public required double WallShareAt75 { get; init; }

    /// <summary>Whether every number is in its range: what was read from a file may be anything.</summary>
    [JsonIgnore]
    internal bool IsValid => Name is { Length: > 0 } && Tasks >= 1 && IsTime(MeanSeconds) && IsTime(LongestSeconds) && IsTime(WallSeconds)
        && IsTime(WaitSeconds) && IsShare(WallShareAtFirst) && IsShare(WallShareAt25) && IsShare(WallShareAt50) && IsShare(WallShareAt75);

    internal static bool IsTime(double seconds) => double.IsFinite(seconds) && seconds >= 0;

    private static bool IsShare(double share) => share is >= 0 and <= 1;

    /// <summary>Share of the stage's wall spent when <paramref name="x"/> of its tasks were completed: a line through the points above.</summary>
    internal double WallShareAt(double x)
    {
        if (x >= 1)
            return 1;
        var (a, u) = (0.0, 0.0);
        if (Tasks > 4)
        {
            var first = 1.0 / Tasks;
            if (x <= first)
                return WallShareAtFirst * x / first;
            (a, u) = (first, WallShareAtFirst);
        }

        if (Tasks >= 4)
        {
            if (x <= .25)
                return Line(a, u, .25, WallShareAt25, x);
            if (x <= .5)
                return Line(.25, WallShareAt25, .5, WallShareAt50, x);
            if (x <= .75)
                return Line(.5, WallShareAt50, .75, WallShareAt75, x);
            (a, u) = (.75, WallShareAt75);
        }
        else if (Tasks >= 2)
        {
            if (x <= .5)
                return WallShareAt50 * x / .5;
            (a, u) = (.5, WallShareAt50);
        }

        return Line(a, u, 1, 1, x);
    }

    private static double Line(double a, double u, double b, double v, double x) => u + ((v - u) * (x - a) / (b - a));
}
