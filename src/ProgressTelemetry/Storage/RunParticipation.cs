namespace ProgressTelemetry.Storage;

/// <summary>This process's part in a run that is stored: under which name, what it last told, and what it last heard of others.</summary>
/// <param name="instance">This process.</param>
/// <param name="joinedAt">When it took the run up.</param>
/// <param name="before">What was done for the run before; null when it is new.</param>
internal sealed class RunParticipation(string instance, DateTimeOffset joinedAt, RunShare? before)
{
    private bool _hasLeft;

    /// <summary>A name of its own for each time that a process takes a run up.</summary>
    public string Participant { get; } = Guid.NewGuid().ToString("N");

    public string Instance => instance;

    public DateTimeOffset JoinedAt { get; } = joinedAt;

    /// <summary>Seconds for which others had run it when this process took it up.</summary>
    public double RanBefore { get; } = before?.RanSeconds ?? 0;

    /// <summary>What others have done for it, as the run's model has it; null when nobody has.</summary>
    public RunShare? Others { get; set; } = before;

    /// <summary>Tells whether there is anything new of them.</summary>
    public (long Sequences, int Present) Heard { get; set; }

    /// <summary>Null until the store has been asked what it knows of the run's id.</summary>
    public long? Generation { get; set; } = before?.Generation;

    public RunShare? Last { get; set; }

    /// <summary>What of <see cref="Last"/> is worth telling anew when it changes.</summary>
    public int LastContent { get; set; }

    /// <summary>What <see cref="Last"/> was made of: while that is the same, so is its content.</summary>
    public ShareSource LastSource { get; set; }

    public long LastMade { get; set; }

    /// <summary>When <see cref="LastContent"/> last changed.</summary>
    public long LastChanged { get; set; }

    /// <summary>When the lease of the run's series was last asked for; null while nobody else is there to have it.</summary>
    public long? LeaseAsked { get; set; }

    /// <summary>Whether the process left the run, which goes on, or may be gone on with.</summary>
    public bool HasLeft
    {
        get => Volatile.Read(ref _hasLeft);
        set => Volatile.Write(ref _hasLeft, value);
    }
}
