using System.Diagnostics;
using ProgressTelemetry.Tracking;

namespace ProgressTelemetry;

/// <summary>What is known of a run when it starts; everything is optional.</summary>
public sealed class WorkflowRunOptions
{
    /// <summary>The run's id, 1 to 200 characters, unique among live runs. Default: a new random id. Processes that work on the same run pass the same id.</summary>
    public string? RunId { get; set; }

    /// <summary>The version of the workflow's definition or input (<c>workflow.version</c>), at most 200 characters.</summary>
    public string? Version { get; set; }

    /// <summary>How many tasks the whole run will have, 0 or more, when that is known before its stages are.</summary>
    public long? ExpectedTasks { get; set; }

    /// <summary>The milestones, each name once.</summary>
    public IReadOnlyList<Milestone> Milestones { get; set; } = [];

    /// <summary>When the run should have ended.</summary>
    public DateTimeOffset? Deadline { get; set; }

    /// <summary>Silence longer than this is a stall of this run; null takes the tracker's rule.</summary>
    public TimeSpan? StallTimeout { get; set; }

    /// <summary>The planned stages in order, each name once; they are shown as pending until they start.</summary>
    public IReadOnlyList<PlannedStage> Stages { get; set; } = [];

    /// <summary>The parent of the run's span; default: <see cref="Activity.Current"/>. A run that several processes work on passes the first one's context.</summary>
    public ActivityContext? ParentContext { get; set; }

    /// <summary>More attributes for the run's span. They are not put on metrics, whose labels stay bounded.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Tags { get; set; } = [];

    internal void Validate()
    {
        if (RunId is not null)
        {
            Checked.Name(RunId, "A run id", nameof(RunId));
        }

        if (Version is { Length: > 0 })
        {
            Checked.Name(Version, "A version", nameof(Version));
        }

        if (ExpectedTasks is { } tasks)
        {
            Checked.Count(tasks, nameof(ExpectedTasks));
        }

        if (StallTimeout is { } stall)
        {
            Checked.Positive(stall, nameof(StallTimeout));
        }

        ArgumentNullException.ThrowIfNull(Milestones);
        ArgumentNullException.ThrowIfNull(Stages);
        ArgumentNullException.ThrowIfNull(Tags);
        if (Milestones.Contains(null) || Stages.Contains(null))
        {
            throw new ArgumentException("A milestone or a stage is null.");
        }

        if (Tags.Any(tag => string.IsNullOrEmpty(tag.Key)))
        {
            throw new ArgumentException("A tag has no key.", nameof(Tags));
        }

        OnlyOnce(Milestones.Select(m => m.Name), "milestone", nameof(Milestones));
        OnlyOnce(Stages.Select(s => s.Name), "stage", nameof(Stages));
        var planned = Stages.Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var stage in Stages)
        {
            if (stage.DependsOn.FirstOrDefault(d => !planned.Contains(d) || d == stage.Name) is { } unknown)
            {
                throw new ArgumentException($"Stage '{stage.Name}' depends on '{unknown}', which is not another planned stage.", nameof(Stages));
            }
        }

        DependencyOrder.Of(Stages, stage => stage.Name, stage => stage.DependsOn, out var stuck);
        if (stuck.Count > 0)
        {
            throw new ArgumentException($"Stage '{stuck[0].Name}' depends on itself by way of others.", nameof(Stages));
        }
    }

    private static void OnlyOnce(IEnumerable<string> names, string what, string parameter)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        if (names.FirstOrDefault(name => !seen.Add(name)) is { } twice)
        {
            throw new ArgumentException($"The {what} '{twice}' is declared twice.", parameter);
        }
    }
}
