using System.Runtime.InteropServices;

namespace ProgressTelemetry.Estimation;

/// <summary>A profile scaled to a run's sizes.</summary>
/// <param name="Wall">The run's whole wall as the profile predicts it, s.</param>
/// <param name="Distance">How unlike the two runs are in size and stages, at least <see cref="EstimatorConstants.LeastDistance"/>.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ProfileScale(double Wall, double Distance);
