using System.Runtime.InteropServices;

namespace ProgressTelemetry.Model;

/// <summary>What follows from a change: for instruments, spans, logs and listeners. Values, so that an effect still tells what was when it is told later.</summary>
/// <param name="Kind">What it is.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Effect(EffectKind Kind)
{
    public Stage? Stage { get; init; }

    public StageAttempt? Attempt { get; init; }

    /// <summary>The moment, s since the run's start.</summary>
    public double At { get; init; }

    public DateTimeOffset Wall { get; init; }

    public WorkflowResult Result { get; init; }

    public string? ErrorType { get; init; }

    public double Seconds { get; init; }

    public long Count { get; init; }

    /// <summary>Of a stage that ended: its tasks done, expected, and its revisions, then.</summary>
    public long Done { get; init; }

    public long? Expected { get; init; }

    public long Revisions { get; init; }

    /// <summary>A reason, a kind of item, or what was ignored.</summary>
    public string? Text { get; init; }

    public string? Version { get; init; }

    public TaskUpdate? Task { get; init; }

    public MilestoneStatus? Milestone { get; init; }

    public TimeEstimate? Estimate { get; init; }

    public IgnoredReason Ignored { get; init; }

    /// <summary>What it is that is due.</summary>
    public EffectKind Due { get; init; }

    /// <summary>Of a run's end: it is over here, but that isn't told, at least not yet.</summary>
    public bool IsQuiet { get; init; }

    /// <summary>Whether it tells that the run has ended.</summary>
    public bool TellsEnd => Kind == EffectKind.RunEndTold || (Kind == EffectKind.RunEnded && !IsQuiet);
}
