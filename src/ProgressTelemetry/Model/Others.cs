namespace ProgressTelemetry.Model;

/// <summary>What other processes do that work on the same run.</summary>
internal enum Others
{
    /// <summary>There are none.</summary>
    None,

    /// <summary>They are there, and at no stage.</summary>
    Idle,

    /// <summary>All stages that they are at wait.</summary>
    Waiting,

    /// <summary>They are at a stage that doesn't wait.</summary>
    Working,
}
