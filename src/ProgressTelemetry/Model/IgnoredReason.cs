namespace ProgressTelemetry.Model;

/// <summary>Why a change had no effect.</summary>
internal enum IgnoredReason
{
    /// <summary>What it is about has ended.</summary>
    Late,

    /// <summary>A count would leave the range that a double holds exactly.</summary>
    CountOverflow,
}
