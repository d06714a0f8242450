namespace ProgressTelemetry;

/// <summary>What a bottleneck is.</summary>
public enum BottleneckKind
{
    /// <summary>Nothing stands out.</summary>
    None,

    /// <summary>One stage takes the largest part of the run's wall-clock time.</summary>
    Stage,

    /// <summary>Tasks wait to be started for longer than they run: more workers or a faster dispatcher would help, not a faster stage.</summary>
    Dispatch,

    /// <summary>Declared waits take the largest part.</summary>
    Waiting,
}
