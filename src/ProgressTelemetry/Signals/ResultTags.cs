using System.Collections.Concurrent;
using ProgressTelemetry.Model;

namespace ProgressTelemetry.Signals;

/// <summary>The label sets of a histogram for one workflow or stage: made once for each result and error type, then passed to <c>Record</c> as they are.</summary>
internal sealed class ResultTags(SeriesLimit limit, Func<WorkflowResult, string?, KeyValuePair<string, object?>[]> make, ResultTags? folded)
{
    private readonly Lock _gate = new();
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
        // Of the folded set itself there is one for each result: whose name came first must not decide what all others are called.
        var key = folded is null && errorType is not null ? (result, SignalNames.Other) : (result, errorType);
        lock (_gate)
        {
            if (_tags.TryGetValue(key, out var known))
            {
                return known;
            }

            if (folded is null || limit.TryTake())
            {
                return _tags[key] = make(key.result, key.Item2);
            }
        }

        // Refusals are not remembered: what is remembered must stay bounded too.
        limit.Folded();
        return folded.For(result, errorType is null ? null : SignalNames.Other);
    }
}
