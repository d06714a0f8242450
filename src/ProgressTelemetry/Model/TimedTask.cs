namespace ProgressTelemetry.Model;

/// <summary>A running timed task. Used again for another task after its end; the version tells the two apart.</summary>
internal sealed class TimedTask(StageAttempt attempt)
{
    private int _version;

    public StageAttempt Attempt { get; } = attempt;

    /// <summary>Changed with the run, read without its lock.</summary>
    public int Version
    {
        get => Volatile.Read(ref _version);
        set => Volatile.Write(ref _version, value);
    }

    public bool IsRunning { get; set; }

    /// <summary>Its own start, s since the run's start.</summary>
    public double StartedAt { get; set; }

    /// <summary>What the run had lost to stalls then, s.</summary>
    public double LostBefore { get; set; }

    public IdentifiedTask? Identity { get; set; }

    public TimedTask? NextFree { get; set; }
}
