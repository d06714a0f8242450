using System.Collections.Concurrent;
using ProgressTelemetry.Instrumentation;

namespace ProgressTelemetry.Tracking;

/// <summary>
/// How many label sets one instrument may still get. A metrics SDK gives each instrument a fixed number of them and silently merges what comes later; past this limit, which is lower, names are folded into
/// <c>_other</c> instead, counted and logged.
/// </summary>
internal sealed class SeriesLimit(string instrument, TrackerErrors errors)
{
    private int _used;

    public bool HasPlenty => Volatile.Read(ref _used) < ProgressTrackingOptions.MostSeries / 2;

    public bool TryTake()
    {
        if (Interlocked.Increment(ref _used) <= ProgressTrackingOptions.MostSeries)
        {
            return true;
        }

        Interlocked.Decrement(ref _used);
        errors.Add(TrackerErrors.DefinitionFolded, $"{instrument} has {ProgressTrackingOptions.MostSeries} label sets; further ones are counted as '{SignalNames.Other}'");
        return false;
    }
}

/// <summary>The label sets of a histogram for one workflow or stage: made once for each result and error type, then passed to <c>Record</c> as they are.</summary>
internal sealed class ResultTags(SeriesLimit limit, Func<WorkflowResult, string?, KeyValuePair<string, object?>[]> make, ResultTags? folded)
{
    private readonly ConcurrentDictionary<(WorkflowResult Result, string? ErrorType), KeyValuePair<string, object?>[]> _tags = new();
    private readonly KeyValuePair<string, object?>[]?[] _withoutError = new KeyValuePair<string, object?>[]?[ResultTally.Size];

    public KeyValuePair<string, object?>[] For(WorkflowResult result, string? errorType) =>
        errorType is null ? For(result)
        : _tags.TryGetValue((result, errorType), out var tags) ? tags
        : Add(result, errorType);

    /// <summary>The one that every timed task asks for.</summary>
    public KeyValuePair<string, object?>[] For(WorkflowResult result) => _withoutError[(int)result] ??= Add(result, null);

    private KeyValuePair<string, object?>[] Add(WorkflowResult result, string? errorType)
    {
        if (folded is null)
        {
            // The folded set itself: one for each result, which are few.
            return _tags.GetOrAdd((result, null), _ => make(result, errorType is null ? null : SignalNames.Other));
        }

        // Refusals are not remembered: what is remembered must stay bounded too.
        return limit.TryTake()
            ? _tags.GetOrAdd((result, errorType), _ => make(result, errorType))
            : folded.For(result, errorType is null ? null : SignalNames.Other);
    }
}
