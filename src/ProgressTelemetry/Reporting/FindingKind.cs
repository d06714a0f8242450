namespace ProgressTelemetry;

/// <summary>What a <see cref="ReportFinding"/> or a <see cref="Recommendation"/> is about.</summary>
public enum FindingKind
{
    /// <summary>One stage takes the largest part of the run's wall-clock time.</summary>
    Stage,

    /// <summary>Nothing ran for a large part of the run although nothing was declared to wait: more workers or a faster dispatcher would help.</summary>
    Dispatch,

    /// <summary>Declared waits hold the run up.</summary>
    Waiting,

    /// <summary>A stage's work was sent back again and again.</summary>
    Revisions,

    /// <summary>A stage's tasks take longer than in the workflow's earlier runs.</summary>
    Slower,

    /// <summary>The chain of dependent stages that decides when the run ends.</summary>
    Chain,
}
