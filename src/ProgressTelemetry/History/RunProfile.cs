using System.Text.Json.Serialization;

namespace ProgressTelemetry;

/// <summary>What is kept of a finished run, so that later runs of the same workflow can be predicted from it.</summary>
public sealed class RunProfile
{
    private Dictionary<string, StageProfile>? _byName;

    /// <summary>Gets the version of the workflow's definition or input, when the run carried one.</summary>
    public string? Version { get; init; }

    /// <summary>Gets the number of tasks of all stages.</summary>
    public required long Tasks { get; init; }

    /// <summary>Gets how many of the tasks were really worked on and not skipped, 0 to <see cref="Tasks"/>; null when that isn't known, then all are taken to have been.</summary>
    public long? WorkedTasks { get; init; }

    /// <summary>Gets the run's duration in seconds, declared waits included.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>Gets the longest time in seconds without any progress, declared waits not counted.</summary>
    public double LongestSilenceSeconds { get; init; }

    /// <summary>Gets the seconds during which the run was in a declared wait and nothing ran.</summary>
    public double WaitSeconds { get; init; }

    /// <summary>Gets the seconds during which nothing ran although no wait was declared.</summary>
    public double IdleSeconds { get; init; }

    /// <summary>Gets the stages, in the order in which the run had them.</summary>
    public required IReadOnlyList<StageProfile> Stages
    {
        get;
        init => field = value is null ? null! : [.. value];
    }

    /// <summary>Whether every number is in its range and no stage is there twice: what was read from a file may be anything.</summary>
    [JsonIgnore]
    internal bool IsValid => Tasks >= 1 && WorkedTasks is null or >= 0 && !(WorkedTasks > Tasks) && StageProfile.IsTime(DurationSeconds) && StageProfile.IsTime(LongestSilenceSeconds)
        && StageProfile.IsTime(WaitSeconds) && StageProfile.IsTime(IdleSeconds) && Stages is not null && Stages.All(stage => stage is { IsValid: true })
        && Stages.DistinctBy(stage => stage.Name).Count() == Stages.Count;

    /// <summary>
    /// Whether at least half of the run was really worked. A run that mostly skipped what an earlier one had done shows neither how long its stages take nor how they follow each other, and never displaces one that does.
    /// </summary>
    [JsonIgnore]
    internal bool Teaches => WorkedTasks is not { } worked || worked >= Tasks - worked;

    /// <summary>The tasks that its walls are of, at least 1.</summary>
    [JsonIgnore]
    internal long Size => Math.Max(1, WorkedTasks ?? Tasks);

    /// <summary>The stage of that name; <paramref name="hint"/> is where it stands when the two runs have the same stages.</summary>
    internal StageProfile? Find(string name, int hint)
    {
        if ((uint)hint < (uint)Stages.Count && string.Equals(Stages[hint].Name, name, StringComparison.Ordinal))
            return Stages[hint];
        return (_byName ??= Index()).GetValueOrDefault(name);
    }

    // Profiles are shared between runs: two threads may both build the index, and either one's is right.
    private Dictionary<string, StageProfile> Index()
    {
        var byName = new Dictionary<string, StageProfile>(Stages.Count, StringComparer.Ordinal);
        foreach (var stage in Stages)
            byName.TryAdd(stage.Name, stage);
        return byName;
    }
}
