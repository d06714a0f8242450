using ProgressTelemetry.Runtime;
using static System.FormattableString;

namespace ProgressTelemetry;

/// <summary>How a <see cref="ProgressTracker"/> works. Read once, when the tracker is made; with dependency injection, from the configuration section <c>ProgressTracking</c>, then from code.</summary>
public sealed class ProgressTrackingOptions
{
    private readonly List<IProgressAdapter> _adapters = [];

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

    /// <summary>How long a store keeps runs that ended, and runs that nobody tells of any more. Default 7 days.</summary>
    public TimeSpan StoredRunRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// Whether this process follows the runs of all processes of its store, so that it can tell of any of them, and go on with any. Default true. Where very many processes share a store, let those that work follow only the runs
    /// that they work on, and those that tell of runs, such as a page, all.
    /// </summary>
    public bool FollowAllStoredRuns { get; set; } = true;

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
        if (_adapters.OfType<T>().FirstOrDefault() is not { } adapter)
        {
            _adapters.Add(adapter = new T());
        }

        return adapter;
    }

    // No property: those are what the configuration is bound to.
    internal IReadOnlyList<IProgressAdapter> GetAdapters() => _adapters;

    internal ProgressTrackingOptions Copy() => (ProgressTrackingOptions)MemberwiseClone();

    internal TrackerSettings ToSettings() => new(MinShownRunAge, EndedRunRetention, StoredRunRetention, FollowAllStoredRuns, AbandonAfter, ShownSeriesBudget, HistoryPerWorkflow);

    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    internal void Validate()
    {
        foreach (var fault in Faults())
        {
            throw new ArgumentOutOfRangeException(fault.Property, fault.Value, $"{fault.Property} {fault.Message}");
        }
    }

    internal IEnumerable<OptionFault> Faults() => new[]
    {
        NotUnder(TimeSpan.FromSeconds(1), StallTimeout, nameof(StallTimeout)),
        Over(TimeSpan.Zero, AbandonAfter, nameof(AbandonAfter)),
        NotUnder(TimeSpan.FromMinutes(1), StoredRunRetention, nameof(StoredRunRetention)),
        NotUnder(TimeSpan.Zero, MinShownRunAge, nameof(MinShownRunAge)),
        NotUnder(TimeSpan.Zero, EndedRunRetention, nameof(EndedRunRetention)),
        Within(1, TrackerSettings.MostSeries, ShownSeriesBudget, nameof(ShownSeriesBudget)),
        Within(1, TrackerSettings.MostSeries, MaxDefinitions, nameof(MaxDefinitions)),
        Within(0, 10, HistoryPerWorkflow, nameof(HistoryPerWorkflow)),
    }.OfType<OptionFault>();

    private static OptionFault? Over(TimeSpan limit, TimeSpan? value, string property) =>
        value <= limit ? new OptionFault(property, value, Invariant($"is {value:c}; it must be over {limit:c}.")) : null;

    private static OptionFault? NotUnder(TimeSpan least, TimeSpan? value, string property) =>
        value < least ? new OptionFault(property, value, Invariant($"is {value:c}; it must be {least:c} or more.")) : null;

    private static OptionFault? Within(int least, int most, int value, string property) =>
        value < least || value > most ? new OptionFault(property, value, Invariant($"is {value}; it must be from {least} to {most}.")) : null;
}
