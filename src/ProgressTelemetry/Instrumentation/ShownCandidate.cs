using System.Runtime.InteropServices;
using ProgressTelemetry.Tracking;

namespace ProgressTelemetry.Instrumentation;

/// <summary>A run that may be shown, and how much it is worth looking at.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ShownCandidate(RunState Run, int Class, long Order) : IComparable<ShownCandidate>
{
    /// <summary>Stalled runs first, then those past their deadline, then the longest running, then the latest ended.</summary>
    public static ShownCandidate Of(RunState run, long now) => run.EndedAt is { } ended
        ? new ShownCandidate(run, 3, -ended)
        : new ShownCandidate(run, run.IsStalled ? 0 : run.IsPastDeadline(now) ? 1 : 2, run.Number);

    public int CompareTo(ShownCandidate other)
    {
        var byClass = Class.CompareTo(other.Class);
        var byOrder = byClass != 0 ? byClass : Order.CompareTo(other.Order);
        return byOrder != 0 ? byOrder : Run.Number.CompareTo(other.Run.Number);
    }

    public static bool operator <(ShownCandidate left, ShownCandidate right) => left.CompareTo(right) < 0;

    public static bool operator >(ShownCandidate left, ShownCandidate right) => left.CompareTo(right) > 0;

    public static bool operator <=(ShownCandidate left, ShownCandidate right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ShownCandidate left, ShownCandidate right) => left.CompareTo(right) >= 0;
}
