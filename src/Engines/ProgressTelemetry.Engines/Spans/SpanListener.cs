using System.Diagnostics;
using System.Globalization;
using ProgressTelemetry.Rules;
using ProgressTelemetry.Runs;

namespace ProgressTelemetry.Spans;

/// <summary>
/// Listens to engines' spans, and leaves the engines and what others trace as they are. It asks for all data and never for recording, which would override the user's sampler; it gives one answer per source, since engines
/// make some spans only inside others; what it throws is caught, since it would be thrown at the engine; and a span that is there on its account alone doesn't stay current, since the spans inside it would be dropped as the children of one
/// that isn't sampled.
/// </summary>
internal sealed class SpanListener : IDisposable
{
    [ThreadStatic]
    private static Activity? t_current;

    private static int s_number;

    private readonly Dictionary<string, FollowedSource> _sources;

    // Each listener keeps what it knows of a span at the span, so that both go together.
    private readonly string _property = "ProgressTelemetry.Span." + Interlocked.Increment(ref s_number).ToString(CultureInfo.InvariantCulture);
    private readonly AsyncLocal<FollowedSpan?> _inside = new();
    private readonly FollowedRuns _runs;
    private readonly SpanResolver _resolver;
    private readonly PendingSpans _pending;
    private readonly Action<string, Exception> _failed;
    private readonly ActivityListener _listener;

    public SpanListener(IEnumerable<SpanRule> rules, ProgressTracker tracker, Action<string, Exception> failed, TimeProvider time)
    {
        _failed = failed;
        _runs = new FollowedRuns(tracker);
        _resolver = new SpanResolver(_runs);
        _pending = new PendingSpans(TryAgain, time);
        _sources = rules.GroupBy(rule => rule.Source).ToDictionary(source => source.Key, source => new FollowedSource(source.Key, [.. source]), StringComparer.Ordinal);
        _listener = new ActivityListener
        {
            ShouldListenTo = source => _sources.ContainsKey(source.Name) && !FollowedSource.IsProbe(source),
            Sample = static (ref _) => Sample(),
            SampleUsingParentId = static (ref _) => Sample(),
            ActivityStarted = Started,
            ActivityStopped = Stopped,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>Spans that wait for what is missing.</summary>
    public int Waiting => _pending.Count;

    /// <summary>Runs that are followed.</summary>
    public int Runs => _runs.Count;

    public void Dispose()
    {
        _listener.Dispose();
        _pending.Dispose();
        _runs.Dispose();
        foreach (var source in _sources.Values)
        {
            source.Dispose();
        }
    }

    // Called just before a span starts: what is current then is current again inside a span that doesn't stay so. Its parent may be another: one of another process, say.
    private static ActivitySamplingResult Sample()
    {
        t_current = Activity.Current;
        return ActivitySamplingResult.AllData;
    }

    private void Started(Activity activity)
    {
        var before = t_current;
        t_current = null;
        try
        {
            var source = _sources[activity.Source.Name];
            var rules = source.Rules.Of(activity);
            var isOurs = !source.IsHeardByOthers;
            if (rules.Matches.Count == 0 && !rules.StaysCurrent)
            {
                if (isOurs)
                {
                    Activity.Current = NotOurs(before ?? activity.Parent);
                }

                return;
            }

            var span = new FollowedSpan(rules, source, activity.TraceId, Around(activity), WorkflowStage.Current);
            activity.SetCustomProperty(_property, span);
            if (isOurs)
            {
                LeaveCurrent(span, NotOurs(before ?? activity.Parent));
            }

            _pending.RetryBeforeStart();
            Resolve(activity, span);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _failed($"the start of span '{activity.OperationName}' of '{activity.Source.Name}' could not be followed", e);
        }
    }

    private void Resolve(Activity activity, FollowedSpan span)
    {
        bool isDone;
        lock (span.Gate)
        {
            isDone = _resolver.TryResolve(activity, span, isLast: false);
            span.Scope = span.Task?.Stage.Attempt.MakeCurrent() ?? span.Run?.Run.MakeCurrent();
        }

        // An end is told by the stop.
        if (!isDone && span.Rules.Matches.Any(match => match.Rule.Role != SpanRole.EndRun))
        {
            _pending.Add(activity, span);
        }
    }

    private bool TryAgain(Activity activity, FollowedSpan span)
    {
        try
        {
            lock (span.Gate)
            {
                return span.IsStopped || _resolver.TryResolve(activity, span, isLast: false);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _failed($"span '{activity.OperationName}' of '{activity.Source.Name}' could not be followed", e);
            return true;
        }
    }

    private void Stopped(Activity activity)
    {
        try
        {
            if (Of(activity) is not { } span)
            {
                return;
            }

            if (ReferenceEquals(_inside.Value, span))
            {
                _inside.Value = span.Outer;
            }

            _pending.RetryBeforeStart();
            lock (span.Gate)
            {
                if (span.IsStopped)
                {
                    return;
                }

                _resolver.TryResolve(activity, span, isLast: true);
                span.IsStopped = true;
                if (span.Run is { } run && WorkflowRun.Current?.Id == run.Run.Id)
                {
                    span.Scope?.Dispose();
                }

                _resolver.Stop(activity, span);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _failed($"the stop of span '{activity.OperationName}' of '{activity.Source.Name}' could not be followed", e);
        }
    }

    /// <summary>The nearest followed span around one: by its parents, or, where those don't stay current, by the flow of calls.</summary>
    private FollowedSpan? Around(Activity activity)
    {
        for (var parent = activity.Parent; parent is not null; parent = parent.Parent)
        {
            if (Of(parent) is { } span)
            {
                return span;
            }
        }

        // A parent that was passed in, from another trace, says that the flow of calls is none of its.
        return _inside.Value is { IsStopped: false } inside && (activity.ParentSpanId == default || activity.TraceId == inside.Trace) ? inside : null;
    }

    private void LeaveCurrent(FollowedSpan span, Activity? before)
    {
        span.Before = before;
        if (span.Rules.StaysCurrent)
        {
            return;
        }

        span.Outer = _inside.Value;
        _inside.Value = span;
        Activity.Current = before;
    }

    /// <summary>The span, or the nearest before it that is not there on our account alone.</summary>
    private Activity? NotOurs(Activity? span)
    {
        while (span is not null && Of(span) is { } followed && !followed.Source.IsHeardByOthers)
        {
            span = followed.Before;
        }

        return span;
    }

    private FollowedSpan? Of(Activity activity) => activity.GetCustomProperty(_property) as FollowedSpan;
}
