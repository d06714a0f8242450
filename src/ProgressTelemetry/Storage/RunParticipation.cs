namespace ProgressTelemetry.Storage;

/// <summary>This process's part in a run that is stored: under which name, and what it last told.</summary>
/// <param name="joinedAt">When it took the run up.</param>
/// <param name="before">What was done for the run before; null when it is new.</param>
internal sealed class RunParticipation(DateTimeOffset joinedAt, RunShare? before)
{
    private bool _hasLeft;

    /// <summary>A name of its own for each time that a process takes a run up.</summary>
    public string Participant { get; } = Guid.NewGuid().ToString("N");

    public DateTimeOffset JoinedAt { get; } = joinedAt;

    public RunShare? Before { get; } = before;

    /// <summary>Null until the store has been asked what it knows of the run's id.</summary>
    public long? Generation { get; set; } = before?.Generation;

    public RunShare? Last { get; set; }

    /// <summary>What of <see cref="Last"/> is worth telling anew when it changes.</summary>
    public int LastContent { get; set; }

    public long LastMade { get; set; }

    /// <summary>Whether the process stopped and left the run for whoever goes on with it.</summary>
    public bool HasLeft
    {
        get => Volatile.Read(ref _hasLeft);
        set => Volatile.Write(ref _hasLeft, value);
    }
}
