using System.Runtime.InteropServices;

namespace ProgressTelemetry.Model;

/// <summary>A running timed task, and the version that tells it from those that its object times later. Without a task when it could not start.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TaskHandle(TimedTask? Task, int Version);
