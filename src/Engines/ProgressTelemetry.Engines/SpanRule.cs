using System.Diagnostics;
using ProgressTelemetry.Rules;

namespace ProgressTelemetry;

/// <summary>
/// Says what an engine's spans stand for: which spans, in which role, and where ids and names come from. Of a source's rules the first that fits a span counts.
/// </summary>
/// <remarks>
/// Ids and names are templates: text with <c>{op}</c> (the span's operation name), <c>{op*}</c> (what the <c>*</c> of <see cref="Operation"/> stands for), <c>{name}</c> (its display name), <c>{trace}</c>, <c>{span}</c> (its ids), or the key of
/// one of its tags, <c>{quartz.job.name}</c>; <c>{a|b}</c> takes the first that is there. A tag that is missing when the span starts is waited for, until the span stops.
/// Names lose the ids and numbers in them (<c>import-4711</c> is <c>import</c>), as they become metric labels; each source has 200 at most, and further ones are <c>_other</c>.
/// </remarks>
public sealed record SpanRule
{
    /// <summary>Makes a rule.</summary>
    /// <param name="source">The name of the <see cref="ActivitySource"/>, whole.</param>
    /// <param name="operation">The operation's name; one <c>*</c> in it stands for any text.</param>
    /// <param name="role">What the spans stand for.</param>
    /// <exception cref="ArgumentException">The source or the operation is empty, the source is a pattern, or the operation has more than one <c>*</c>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The role is none of the enumeration's.</exception>
    public SpanRule(string source, string operation, SpanRole role)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(source);
        if (source.Contains('*', StringComparison.Ordinal))
        {
            throw new ArgumentException("A source is named whole: listening to sources by pattern would make spans for libraries that nobody watches.", nameof(source));
        }

        Source = source;
        Pattern = new OperationPattern(operation);
        Role = Enum.IsDefined(role) ? role : throw new ArgumentOutOfRangeException(nameof(role), role, "This is no role.");
    }

    /// <summary>The name of the <see cref="ActivitySource"/>.</summary>
    public string Source { get; }

    /// <summary>The operation's name; one <c>*</c> in it stands for any text.</summary>
    public string Operation => Pattern.Text;

    /// <summary>What the spans stand for.</summary>
    public SpanRole Role { get; }

    /// <summary>The spans' kind; null for any.</summary>
    public ActivityKind? Kind { get; init; }

    /// <summary>A tag that the spans have, <c>key</c>, or have with a value, <c>key=value</c>; null for any. While it is missing, and the span runs, neither this rule nor a later one is taken.</summary>
    public string? When { get => Condition?.Text; init => Condition = value is null ? null : new TagCondition(value); }

    /// <summary>The run's id. Null takes the span's own id for a run, and for tasks the run of the nearest span around them.</summary>
    /// <exception cref="ArgumentException">This is no template.</exception>
    public string? RunId { get => RunIdTemplate?.Text; init => RunIdTemplate = Parse(value); }

    /// <summary>The workflow's name; needed by rules that start runs.</summary>
    /// <exception cref="ArgumentException">This is no template.</exception>
    public string? Workflow { get => WorkflowTemplate?.Text; init => WorkflowTemplate = Parse(value); }

    /// <summary>The name of the stage that a task belongs to, needed there; of a run, the one stage that it consists of, if that is all that the engine tells.</summary>
    /// <exception cref="ArgumentException">This is no template.</exception>
    public string? Stage { get => StageTemplate?.Text; init => StageTemplate = Parse(value); }

    /// <summary>The task's id within its stage: a task that failed and comes again under its id counts once. Null when it has none, or another one for each attempt.</summary>
    /// <exception cref="ArgumentException">This is no template.</exception>
    public string? TaskId { get => TaskIdTemplate?.Text; init => TaskIdTemplate = Parse(value); }

    /// <summary>Whether a task whose run isn't known starts it. Without a <see cref="RunId"/> it is then a run of its own, which ends with the span.</summary>
    public bool ImplicitRun { get; init; }

    /// <summary>Whether the run ends when its span stops. Default: true.</summary>
    public bool StopEndsRun { get; init; } = true;

    /// <summary>How the run or task ended when nothing of its span says that it failed. Default: <see cref="WorkflowResult.Success"/>.</summary>
    public WorkflowResult EndAs { get; init; }

    /// <summary>A tag whose value says how the run or task ended, in the words of <c>cicd.pipeline.result</c> or the like: <c>success</c>, <c>failed</c>, <c>canceled</c>, <c>timeout</c>, <c>skipped</c>.</summary>
    public string? ResultTag { get; init; }

    /// <summary>
    /// Whether the span stays current for the code inside it when nobody else listens to its source. Default: false, so that what others trace in there is as if the engine's span, which nobody exports, weren't; true for spans without
    /// which the engine makes no others.
    /// </summary>
    public bool StaysCurrent { get; init; }

    internal OperationPattern Pattern { get; }

    internal TagCondition? Condition { get; private init; }

    internal SpanTemplate? RunIdTemplate { get; private init; }

    internal SpanTemplate? WorkflowTemplate { get; private init; }

    internal SpanTemplate? StageTemplate { get; private init; }

    internal SpanTemplate? TaskIdTemplate { get; private init; }

    /// <summary>Says what the rule lacks.</summary>
    /// <exception cref="ArgumentException">It lacks something.</exception>
    internal void Validate()
    {
        var startsRuns = Role == SpanRole.Run || (Role == SpanRole.Task && ImplicitRun);
        if (startsRuns && WorkflowTemplate is null)
        {
            throw new ArgumentException($"The rule for '{Operation}' of '{Source}' starts runs, and needs {nameof(Workflow)}.");
        }

        if (Role == SpanRole.Task && StageTemplate is null)
        {
            throw new ArgumentException($"The rule for '{Operation}' of '{Source}' makes tasks, and needs {nameof(Stage)}.");
        }

        if (Role == SpanRole.EndRun && RunIdTemplate is null)
        {
            throw new ArgumentException($"The rule for '{Operation}' of '{Source}' ends runs, and needs {nameof(RunId)}.");
        }
    }

    private static SpanTemplate? Parse(string? text) => text is null ? null : new SpanTemplate(text);
}
