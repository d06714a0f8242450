using System.Runtime.CompilerServices;

namespace ProgressTelemetry.Runtime;

/// <summary>What the tracker ignored or survived: counted by kind, and told once per kind.</summary>
internal sealed class TrackerErrors(Action<string, string, Exception?> tell)
{
    public const string LateUpdate = "late_update";
    public const string ListenerFailed = "listener_failed";
    public const string ListenerOverflow = "listener_overflow";
    public const string DefinitionFolded = "definition_folded";
    public const string CountOverflow = "count_overflow";
    public const string ProgressInvalid = "progress_invalid";
    public const string PublishFailed = "publish_failed";
    public const string HistoryFailed = "history_failed";
    public const string StoreFailed = "store_failed";
    public const string TimerFailed = "timer_failed";

    /// <summary>All kinds, each a label value of <c>progress.tracker.errors</c>.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
        [CountOverflow, DefinitionFolded, HistoryFailed, LateUpdate, ListenerFailed, ListenerOverflow, ProgressInvalid, PublishFailed, StoreFailed, TimerFailed];

    private readonly long[] _counts = new long[Kinds.Count];
    private readonly Queue<(string Kind, string Detail)> _untold = new();
    private volatile bool _anyUntold;

    public long Count(int kind) => Volatile.Read(ref _counts[kind]);

    public void Add(string kind, string detail, Exception? exception = null)
    {
        if (Interlocked.Increment(ref _counts[IndexOf(kind)]) == 1)
        {
            Log(kind, detail, exception);
        }
    }

    /// <summary>Counts now, and leaves the telling to whoever calls <see cref="Tell"/> next: for those who hold a lock.</summary>
    public void AddQuietly(string kind, Func<string> detail)
    {
        if (Interlocked.Increment(ref _counts[IndexOf(kind)]) == 1)
        {
            lock (_untold)
            {
                _untold.Enqueue((kind, detail()));
                _anyUntold = true;
            }
        }
    }

    /// <summary>Tells what was added quietly.</summary>
    public void Tell()
    {
        while (_anyUntold)
        {
            (string Kind, string Detail) next;
            lock (_untold)
            {
                if (!_untold.TryDequeue(out next))
                {
                    _anyUntold = false;
                    return;
                }
            }

            Log(next.Kind, next.Detail, null);
        }
    }

    /// <summary>Takes a detail that is put together only when it will be logged: late calls may come from a hot loop.</summary>
    public void Add(string kind, [InterpolatedStringHandlerArgument("", nameof(kind))] ref Detail detail, Exception? exception = null) =>
        Add(kind, detail.ToStringAndClear(), exception);

    private static int IndexOf(string kind)
    {
        for (var i = 0; i < Kinds.Count; i++)
        {
            if (ReferenceEquals(Kinds[i], kind))
            {
                return i;
            }
        }

        throw new ArgumentException($"'{kind}' is none of the kinds of error.", nameof(kind));
    }

    private void Log(string kind, string detail, Exception? exception)
    {
        try
        {
            tell(kind, detail, exception);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Loggers pass on what their providers throw. That the log failed can't be logged; the count above tells of what was ignored.
        }
    }

    /// <summary>The text of an interpolated string, when its kind was not yet logged; else empty.</summary>
    [InterpolatedStringHandler]
    internal ref struct Detail
    {
        private DefaultInterpolatedStringHandler _text;

        public Detail(int literalLength, int formattedCount, TrackerErrors errors, string kind, out bool isNews)
        {
            isNews = errors.Count(IndexOf(kind)) == 0;
            _text = isNews ? new DefaultInterpolatedStringHandler(literalLength, formattedCount) : default;
        }

        public void AppendLiteral(string text) => _text.AppendLiteral(text);

        public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

        public string ToStringAndClear() => _text.ToStringAndClear();
    }
}
