using System.Runtime.InteropServices;
using ProgressTelemetry.Model;

namespace ProgressTelemetry.Runtime;

/// <summary>What the runs of a pair of workflow and stage add up to.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct StageTotals
{
    /// <summary>Tasks ended, by result.</summary>
    public ResultTally Tasks;

    /// <summary>Attempts at tasks that failed.</summary>
    public long FailedAttempts;

    /// <summary>Seconds of the runs' wall-clock time that are the stage's.</summary>
    public double Wall;

    /// <summary>Seconds in declared waits.</summary>
    public double Wait;

    /// <summary>Tasks done per second of late, without skipped ones, which are no pace.</summary>
    public double Throughput;
}
