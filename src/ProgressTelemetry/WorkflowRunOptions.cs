using System.Diagnostics;
using ProgressTelemetry.Model;
using ProgressTelemetry.Runtime;

namespace ProgressTelemetry;

/// <summary>What is known of a run when it starts; everything is optional.</summary>
public sealed class WorkflowRunOptions
{
    /// <summary>
    /// The run's id, unique among live runs; one of over 200 characters is shown shortened, with a hash, and found by either form. Default: a new random id. Processes that work on the same run pass the same id.
    /// </summary>
    public string? RunId { get; set; }

    /// <summary>The version of the workflow's definition or input (<c>workflow.version</c>); shown shortened beyond 200 characters.</summary>
    public string? Version { get; set; }

    /// <summary>How many tasks the whole run will have, 0 or more, when that is known before its stages are.</summary>
    public long? ExpectedTasks { get; set; }

    /// <summary>
    /// Whether other processes work on the same run, under the same id: then <see cref="ExpectedTasks"/> is of the whole, of which this process does a part, and its success doesn't mean that the rest was not needed. Default: false.
    /// </summary>
    public bool IsShared { get; set; }

    /// <summary>
    /// Whether stages may come of which nobody can tell now, as where an engine has no plan: then the stages that have ended say nothing of the whole. There is no completion ratio until the run's number of tasks is told (here, or by
    /// <see cref="WorkflowRun.ExpectTasks"/>) or it ends, and no time left but what earlier runs of the workflow tell. Default: false.
    /// </summary>
    public bool IsOpenEnded { get; set; }

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

    /// <summary>What happens when a live run has the same id. Default: <see cref="WhenLive.Throw"/>.</summary>
    public WhenLive WhenLive { get; set; }

    /// <summary>
    /// Says whether a failure of <see cref="ProgressTracker.RunAsync(string, Func{WorkflowRun, CancellationToken, Task}, WorkflowRunOptions?, CancellationToken)"/>'s body is followed by another attempt under the same id (a queue that
    /// delivers again): then the attempt failed and the run did not, and stays live for the attempt to come, which takes it over or joins it.
    /// </summary>
    public Func<Exception, bool>? WillBeRetried { get; set; }

    /// <summary>When the run started, if that was before it is told of; a moment to come means now.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>The stage of another run that this one is a task of: its completion is that task's.</summary>
    public WorkflowStage? ParentStage { get; set; }

    /// <summary>Whether the run and its stages have spans; false where whatever runs it has made its own. Default: true.</summary>
    public bool HasSpans { get; set; } = true;

    /// <summary>Spans that the run's span links to.</summary>
    public IReadOnlyList<ActivityContext> Links { get; set; } = [];

    /// <summary>More attributes for the run's span. They are not put on metrics, whose labels stay bounded.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Tags { get; set; } = [];

    internal void Validate()
    {
        if (RunId is not null)
        {
            Checked.RunId(RunId, nameof(RunId));
        }

        if (!Enum.IsDefined(WhenLive))
        {
            throw new ArgumentOutOfRangeException(nameof(WhenLive), WhenLive, "This is none of the ways.");
        }

        if (ExpectedTasks is { } tasks)
        {
            Checked.Count(tasks, nameof(ExpectedTasks));
        }

        if (StallTimeout is { } stall)
        {
            Checked.StallTimeout(stall, nameof(StallTimeout));
        }

        ArgumentNullException.ThrowIfNull(Milestones);
        ArgumentNullException.ThrowIfNull(Stages);
        ArgumentNullException.ThrowIfNull(Tags);
        ArgumentNullException.ThrowIfNull(Links);
        if (Milestones.Contains(null) || Stages.Contains(null))
        {
            throw new ArgumentException("A milestone or a stage is null.");
        }

        if (Tags.Any(tag => string.IsNullOrEmpty(tag.Key)))
        {
            throw new ArgumentException("A tag has no key.", nameof(Tags));
        }

        OnlyOnce(Milestones.Select(m => m.Name), "milestone", nameof(Milestones));
        CheckStages(Stages, new HashSet<string>(StringComparer.Ordinal), nameof(Stages));
    }

    internal RunIdentity ToIdentity(string workflow) => new()
    {
        Workflow = workflow,
        Id = RunId is null ? Guid.NewGuid().ToString("N") : Checked.RunId(RunId),
        Version = Version is { Length: > 0 } version ? Checked.Text(version) : null,
        StartedAt = StartedAt,
        Parent = ParentStage?.Live,
        Trace = HasSpans && ParentContext is null && Links.Count + Tags.Count == 0 ? RunTrace.Default : new RunTrace { HasSpans = HasSpans, Parent = ParentContext, Links = [.. Links], Tags = [.. Tags] },
        IndexDigits = Stages.Count > 99 ? Stages.Count.ToString(System.Globalization.CultureInfo.InvariantCulture).Length : 2,
    };

    internal RunPlan ToPlan(TimeSpan? stallTimeout, bool isStored = false) => new()
    {
        IsStored = isStored,
        Stages = [.. Stages],
        Milestones = [.. Milestones],
        ExpectedTasks = ExpectedTasks,

        // A store adds the parts up: the end of a stored run is the end of all of it.
        IsShared = IsShared && !isStored,
        IsOpenEnded = IsOpenEnded,
        Deadline = Deadline,
        StallTimeout = StallTimeout ?? stallTimeout,
    };

    internal static void CheckStages(IReadOnlyList<PlannedStage> stages, ISet<string> known, string parameter)
    {
        OnlyOnce(stages.Select(s => s.Name), "stage", parameter);
        var planned = stages.Select(s => s.Name).Concat(known).ToHashSet(StringComparer.Ordinal);
        foreach (var stage in stages)
        {
            if (stage.DependsOn.FirstOrDefault(d => !planned.Contains(d) || d == stage.Name) is { } unknown)
            {
                throw new ArgumentException($"Stage '{stage.Name}' depends on '{unknown}', which is not another planned stage.", parameter);
            }
        }

        var own = stages.Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        DependencyOrder.Of(stages, stage => stage.Name, stage => [.. stage.DependsOn.Where(own.Contains)], out var stuck);
        if (stuck.Count > 0)
        {
            throw new ArgumentException($"Stage '{stuck[0].Name}' depends on itself by way of others.", parameter);
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
