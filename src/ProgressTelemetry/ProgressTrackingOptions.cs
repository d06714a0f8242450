namespace ProgressTelemetry;

/// <summary>How a <see cref="ProgressTracker"/> works. Read once, when the tracker is made.</summary>
public sealed class ProgressTrackingOptions
{
    /// <summary>
    /// Silence longer than this is a stall, for every run that doesn't say otherwise (<see cref="WorkflowRunOptions.StallTimeout"/>). Null, the default, lets the tracker learn each run's own limit
    /// from its tasks and its history. 1 s or more.
    /// </summary>
    public TimeSpan? StallTimeout { get; set; }

    /// <summary>A run gets series of its own once it is older than this, so that short runs cost none. Default 5 s; zero shows every run at once.</summary>
    public TimeSpan MinShownRunAge { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long an ended run stays, with its final values, in its series and in <see cref="ProgressTracker.GetStatus"/>. Default 5 min: longer than two scrapes and a rule evaluation.
    /// </summary>
    public TimeSpan EndedRunRetention { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How many label sets the shown runs may have in any one instrument, 1 to 1,900. Default 1,000, well under the OpenTelemetry SDK's limit of 2,000. A run takes as many as its largest instrument: its stages or its milestones,
    /// and at least three (the estimate's).
    /// </summary>
    public int ShownSeriesBudget { get; set; } = 1000;

    /// <summary>
    /// A live run that is silent for longer than this, and for more than ten times its stall threshold, is abandoned: nobody can be expected to end it any more. Declared waits don't count. Default 24 h; null never abandons.
    /// </summary>
    public TimeSpan? AbandonAfter { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How many pairs of workflow and stage names get series of their own, 1 to 1,900; names past it fold into <c>_other</c>. Default 1,000.</summary>
    public int MaxDefinitions { get; set; } = 1000;

    /// <summary>How many earlier successful runs of a workflow are remembered for its estimates, 0 to 10. Default 5.</summary>
    public int HistoryPerWorkflow { get; set; } = 5;

    /// <summary>The tracker's adapter of a type: added when there is none yet, so that configuring it twice configures one.</summary>
    /// <typeparam name="T">The adapter's type.</typeparam>
    /// <returns>The adapter.</returns>
    public T GetAdapter<T>()
        where T : class, IProgressAdapter, new()
    {
        if (Adapters.OfType<T>().FirstOrDefault() is not { } adapter)
        {
            Adapters.Add(adapter = new T());
        }

        return adapter;
    }

    internal List<IProgressAdapter> Adapters { get; } = [];

    /// <summary>The SDK's limit of 2,000 label sets an instrument, less a margin for what is folded.</summary>
    internal const int MostSeries = 1900;

    internal ProgressTrackingOptions Copy() => (ProgressTrackingOptions)MemberwiseClone();

    internal void Validate()
    {
        if (StallTimeout is { } stall)
        {
            Checked.StallTimeout(stall, nameof(StallTimeout));
        }

        if (AbandonAfter is { } abandon)
        {
            Checked.Positive(abandon, nameof(AbandonAfter));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(MinShownRunAge, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(EndedRunRetention, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(ShownSeriesBudget, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ShownSeriesBudget, MostSeries);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxDefinitions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxDefinitions, MostSeries);
        ArgumentOutOfRangeException.ThrowIfLessThan(HistoryPerWorkflow, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(HistoryPerWorkflow, 10);
    }
}
