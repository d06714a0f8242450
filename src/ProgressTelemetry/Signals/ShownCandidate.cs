using System.Runtime.InteropServices;
using ProgressTelemetry.Runtime;

namespace ProgressTelemetry.Signals;

/// <summary>A run that may be shown, and how much it is worth looking at.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ShownCandidate(LiveRun Run, int Class, long Order)
{
    /// <summary>Stalled runs first, then those past their deadline, then the longest running, then the latest ended.</summary>
    public static ShownCandidate Of(LiveRun run, DateTimeOffset now) =>
        run.IsEnded ? new ShownCandidate(run, 3, -run.Outcome.EndStamp)
        : new ShownCandidate(run, run.Model.Silence.IsStalled ? 0 : run.Model.Deadline < now ? 1 : 2, run.Number);

    public static Comparer<ShownCandidate> BestFirst { get; } = Comparer<ShownCandidate>.Create(static (a, b) =>
        a.Class != b.Class ? a.Class.CompareTo(b.Class)
        : a.Order != b.Order ? a.Order.CompareTo(b.Order)
        : a.Run.Number.CompareTo(b.Run.Number));
}
