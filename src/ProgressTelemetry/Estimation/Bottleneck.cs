using ProgressTelemetry.Model;
using System.Runtime.InteropServices;

namespace ProgressTelemetry.Estimation;

/// <summary>What decides a run's duration.</summary>
/// <param name="Kind">What sort of thing it is.</param>
/// <param name="Stage">The stage's name when <paramref name="Kind"/> is <see cref="BottleneckKind.Stage"/>.</param>
/// <param name="Share">Its share of the run's predicted duration, 0..1.</param>
/// <param name="Seconds">The same in seconds: spent so far and predicted to come.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Bottleneck(BottleneckKind Kind, string? Stage, double Share, double Seconds);
