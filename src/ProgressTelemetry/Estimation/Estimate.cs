using System.Runtime.InteropServices;

namespace ProgressTelemetry.Estimation;

/// <summary>A run's predicted total duration in seconds since its start; <c>Low &lt;= Expected &lt;= High</c>, none of them before the moment of prediction.</summary>
/// <param name="Expected">The best single guess.</param>
/// <param name="Low">Lower end of the interval meant to hold the truth in 80 % of runs.</param>
/// <param name="High">Upper end of the same interval.</param>
/// <param name="Profiles">How many earlier runs had a vote; 0 is an estimate from this run alone.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Estimate(double Expected, double Low, double High, int Profiles);
