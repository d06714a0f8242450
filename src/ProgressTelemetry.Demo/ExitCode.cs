namespace ProgressTelemetry.Demo;

/// <summary>What the process returns.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>It did what it could, and something failed: files that could not be read, a port in use.</summary>
    public const int Failed = 1;

    /// <summary>The command line or an input file is wrong; nothing was done.</summary>
    public const int BadUsage = 2;

    /// <summary>Ended by Ctrl+C, as shells count it (128 + SIGINT).</summary>
    public const int Interrupted = 130;
}
