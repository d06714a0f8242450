namespace ProgressTelemetry.AspNetCore;

/// <summary>
/// What somebody who waits for a run may see of it, beyond what everybody with a token sees: where it stands, how far it is, and since when. Nothing shows other runs, reports, or what tasks are named.
/// </summary>
[Flags]
public enum ProgressDetails
{
    /// <summary>State, completion, start and end.</summary>
    None = 0,

    /// <summary>When it is expected to end, with the range.</summary>
    TimeLeft = 1,

    /// <summary>How many tasks are done, and how many are expected.</summary>
    Tasks = 2,

    /// <summary>The stages: names, states and completion.</summary>
    Stages = 4,

    /// <summary>The workflow's name.</summary>
    Workflow = 8,

    /// <summary>The <c>error.type</c> of a run that failed.</summary>
    ErrorType = 16,

    /// <summary>The run's id.</summary>
    RunId = 32,

    /// <summary>The run's trace id.</summary>
    TraceId = 64,

    /// <summary>What a token shows unless said otherwise: <see cref="TimeLeft"/> and <see cref="Tasks"/>. No names.</summary>
    Default = TimeLeft | Tasks,
}
