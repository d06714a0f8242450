using System.Diagnostics;
using ProgressTelemetry.Rules;
using ProgressTelemetry.Runs;

namespace ProgressTelemetry.Spans;

/// <summary>What is known of a span that rules may be for. Guarded by its gate: its start, a retry of it and its stop may come on different threads.</summary>
internal sealed class FollowedSpan(OperationRules rules, FollowedSource source, ActivityTraceId trace, FollowedSpan? parent, WorkflowStage? ambient)
{
    public Lock Gate { get; } = new();

    public OperationRules Rules { get; } = rules;

    public FollowedSource Source { get; } = source;

    public ActivityTraceId Trace { get; } = trace;

    /// <summary>The nearest followed span around it, in this process.</summary>
    public FollowedSpan? Parent { get; } = parent;

    /// <summary>The stage that its code works for already, by whatever else tells of it.</summary>
    public WorkflowStage? Ambient { get; } = ambient;

    /// <summary>What was current before it, where it doesn't stay current itself.</summary>
    public Activity? Before { get; set; }

    /// <summary>What was current before it among the followed spans.</summary>
    public FollowedSpan? Outer { get; set; }

    /// <summary>The rule that it is for; null while that isn't known.</summary>
    public SpanRule? Rule { get; set; }

    public bool IsResolved { get; set; }

    public bool IsStopped { get; set; }

    /// <summary>The run that it starts, or belongs to.</summary>
    public FollowedRun? Run { get; set; }

    /// <summary>The run's id in the engine's words, when the span's stop ends it.</summary>
    public string? EndsRun { get; set; }

    public FollowedTask? Task { get; set; }

    /// <summary>Makes the run's stage current for the code inside the span.</summary>
    public IDisposable? Scope { get; set; }

    /// <summary>This one and those around it, from the inside out.</summary>
    public static IEnumerable<FollowedSpan> Around(FollowedSpan? span)
    {
        for (; span is not null; span = span.Parent)
        {
            yield return span;
        }
    }
}
