namespace ProgressTelemetry.Runtime;

/// <summary>What runs need to know of a tracker's options, which say what each means. The options themselves hold adapters, and those know the tracker: so nothing under it may know them.</summary>
internal sealed record TrackerSettings(
    TimeSpan MinShownRunAge, TimeSpan EndedRunRetention, TimeSpan StoredRunRetention, bool FollowsAllStoredRuns, TimeSpan? AbandonAfter, int ShownSeriesBudget, int HistoryPerWorkflow)
{
    /// <summary>The SDK's limit of 2,000 label sets an instrument, less a margin for what is folded.</summary>
    public const int MostSeries = 1900;
}
