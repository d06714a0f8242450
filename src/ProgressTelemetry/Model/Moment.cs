using System.Runtime.InteropServices;

namespace ProgressTelemetry.Model;

/// <summary>When a change happened. Seconds count from the run's start, and leave out time in which the process did not run.</summary>
/// <param name="At">The event's own time, s: what durations are made of.</param>
/// <param name="Arrived">When the tracker heard of it, s, never before <paramref name="At"/> of a live call: what silence is made of.</param>
/// <param name="Wall">The event's own time on the wall clock, kept as it was then.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Moment(double At, double Arrived, DateTimeOffset Wall);
