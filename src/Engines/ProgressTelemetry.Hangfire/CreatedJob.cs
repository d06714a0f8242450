namespace ProgressTelemetry.Hangfire;

/// <summary>A job that this process created.</summary>
/// <param name="run">The run that it belongs to.</param>
internal sealed class CreatedJob(RunOfJob run)
{
    private volatile bool _hasContinuations;

    public RunOfJob Run => run;

    /// <summary>Whether this process created continuations of it, too.</summary>
    public bool HasContinuations
    {
        get => _hasContinuations;
        set => _hasContinuations = value;
    }
}
