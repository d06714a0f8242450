using ProgressTelemetry.Model;
using System.Text.Json.Serialization;
using ProgressTelemetry.History;

namespace ProgressTelemetry;

/// <summary>What is kept of one stage of a finished run.</summary>
public sealed class StageProfile
{
    private ProgressCurve? _curve;

    /// <summary>Gets the stage's name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the number of tasks, at least 1: a stage that counted none is one task, itself.</summary>
    public required long Tasks { get; init; }

    /// <summary>Gets how many of the tasks were really worked on and not skipped, 0 to <see cref="Tasks"/>; null when that isn't known, then all are taken to have been.</summary>
    public long? WorkedTasks { get; init; }

    /// <summary>Gets the mean duration of a task in seconds; of merely counted tasks, the mean time between two.</summary>
    public required double MeanSeconds { get; init; }

    /// <summary>Gets the longest duration of a task in seconds; 0 when tasks were merely counted.</summary>
    public double LongestSeconds { get; init; }

    /// <summary>Gets the wall-clock seconds attributed to the stage: each instant of the run is shared equally among the tasks then running.</summary>
    public required double WallSeconds { get; init; }

    /// <summary>Gets the seconds of declared waits in this stage during which nothing ran in the whole run.</summary>
    public double WaitSeconds { get; init; }

    /// <summary>
    /// Gets nine shares of the wall, 0..1: what was spent when the first of the worked tasks was completed, when 5, 10, 25, 50, 75, 90 and 95 % of them were first reached, and when the last but one was completed.
    /// </summary>
    public required IReadOnlyList<double> WallShares
    {
        get;
        init => field = value is null ? null! : [.. value];
    }

    /// <summary>Whether every number is in its range: what was read from a file may be anything.</summary>
    [JsonIgnore]
    internal bool IsValid => Name is { Length: > 0 } && Tasks >= 1 && WorkedTasks is null or >= 0 && !(WorkedTasks > Tasks)
        && IsTime(MeanSeconds) && IsTime(LongestSeconds) && IsTime(WallSeconds) && IsTime(WaitSeconds)
        && WallShares is { Count: KnotPlacement.Count } && WallShares.All(share => share is >= 0 and <= 1);

    /// <summary>The tasks that the wall and the curve are of; of a stage that was skipped as a whole, all: then none of its tasks took time.</summary>
    [JsonIgnore]
    internal long Size => WorkedTasks > 0 ? WorkedTasks.Value : Tasks;

    // Profiles are shared between runs: two threads may both make the curve, and either one's is right.
    [JsonIgnore]
    internal ProgressCurve Curve => _curve ??= new ProgressCurve(Size, WallShares);

    internal static bool IsTime(double seconds) => double.IsFinite(seconds) && seconds >= 0;
}
