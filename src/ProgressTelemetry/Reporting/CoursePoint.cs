using System.Runtime.InteropServices;

namespace ProgressTelemetry.Reporting;

/// <summary>One moment of a run's course, and the end as it was then predicted; all times in seconds since the run's start.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CoursePoint(double Seconds, double? Completion, double? Expected, double? Low, double? High);
