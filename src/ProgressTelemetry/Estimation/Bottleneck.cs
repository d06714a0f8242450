using System.Runtime.InteropServices;

namespace ProgressTelemetry.Estimation;

/// <summary>What a run spends most of its time on.</summary>
internal enum BottleneckKind
{
    /// <summary>Nothing has taken time yet.</summary>
    None,

    /// <summary>A stage: the one with the largest wall, spent and still to come.</summary>
    Stage,

    /// <summary>Getting tasks started: there was work to do, nothing ran, and that took longer than the running itself.</summary>
    Dispatch,

    /// <summary>Declared waits: they take longer than any one stage.</summary>
    Waiting,
}

/// <summary>What decides a run's duration.</summary>
/// <param name="Kind">What sort of thing it is.</param>
/// <param name="Stage">The stage's name when <paramref name="Kind"/> is <see cref="BottleneckKind.Stage"/>.</param>
/// <param name="Share">Its share of the run's predicted duration, 0..1.</param>
/// <param name="Seconds">The same in seconds: spent so far and predicted to come.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Bottleneck(BottleneckKind Kind, string? Stage, double Share, double Seconds);
