namespace ProgressTelemetry.Tool;

/// <summary>What the process returns. docs/guides/terminal.md lists them.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The run failed or ran out of time.</summary>
    public const int Failed = 1;

    /// <summary>The command line or an input file is wrong; nothing was done.</summary>
    public const int BadUsage = 2;

    public const int Cancelled = 3;

    /// <summary>The run's process went away before its end.</summary>
    public const int Abandoned = 4;

    /// <summary>No run of that id is live or ended recently.</summary>
    public const int UnknownRun = 5;

    /// <summary>The application can't be reached, doesn't let us in, or answers with something else.</summary>
    public const int NoAnswer = 6;

    /// <summary>Ended by Ctrl+C, as shells count it (128 + SIGINT).</summary>
    public const int Interrupted = 130;

    public static int Of(WorkflowState ended) => ended switch
    {
        WorkflowState.Succeeded => Success,
        WorkflowState.Cancelled => Cancelled,
        WorkflowState.Abandoned => Abandoned,
        _ => Failed,
    };
}
