// This file is compiled into each assembly that tells somebody when to ask again.
namespace ProgressTelemetry.AspNetCore.Waiting;

/// <summary>When it is worth asking again.</summary>
internal static class RetryAfter
{
    internal const int Least = 1;
    internal const int Most = 60;

    /// <summary>Nothing to tell it from: often enough for short work, seldom enough for long.</summary>
    internal const int Unknown = 5;

    /// <summary>Somebody or something else has to move first.</summary>
    internal const int HeldUp = 30;

    /// <summary>Seconds until then, from 1 to 60 or <paramref name="most"/>; null when the run has ended, and nothing new will be said.</summary>
    public static int? Seconds(WorkflowStatus? status, int most = Most) => status switch
    {
        { EndedAt: not null } => null,
        { State: WorkflowState.Waiting or WorkflowState.Stalled } => HeldUp,
        { Estimate: { } estimate } => Seconds(estimate, most),
        _ => Unknown,
    };

    // A little before it may end at the earliest; when that is now, a tenth of what is expected: so the last answer comes soon after the end, and few before it.
    private static int Seconds(TimeEstimate estimate, int most)
    {
        var seconds = Math.Max(estimate.RemainingLow.TotalSeconds * .75, estimate.Remaining.TotalSeconds * .1);
        return (int)Math.Clamp(Math.Ceiling(seconds), Least, most);
    }
}
