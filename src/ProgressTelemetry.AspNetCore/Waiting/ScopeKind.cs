namespace ProgressTelemetry.AspNetCore.Waiting;

/// <summary>What a token is for; the numbers are written into tokens.</summary>
internal enum ScopeKind : byte
{
    Run = 1,

    Workflow = 2,

    /// <summary>One run, for the status monitor of a long-running operation.</summary>
    Operation = 3,
}
