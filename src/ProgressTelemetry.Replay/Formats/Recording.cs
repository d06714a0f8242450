using System.Globalization;

namespace ProgressTelemetry.Replay.Formats;

/// <summary>Makes a trace of attempts at tasks, each with its dates.</summary>
internal sealed class Recording(string file)
{
    private readonly List<Attempt> _attempts = [];
    private readonly TraceBuilder _trace = new(file);
    private int _clamped;

    public bool IsEmpty => _attempts.Count == 0;

    /// <summary>The workflow's name, if it is said.</summary>
    public string? Name { get; set; }

    /// <summary>The run's start, if it is said; otherwise it is the first attempt's.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>How the run ended, if it is said.</summary>
    public WorkflowResult? Result { get; set; }

    /// <summary>Whether the run had not ended when it was exported.</summary>
    public bool IsRunning { get; set; }

    public void Add(Attempt attempt) => _attempts.Add(attempt);

    public void AddUnreached(string stage) => _trace.AddUnreached(stage);

    public void Note(string text) => _trace.Note(text);

    /// <summary>Makes the trace.</summary>
    /// <exception cref="TraceFormatException">There is nothing in it, or an attempt ends more than a second before it starts.</exception>
    public Trace Build()
    {
        if (IsEmpty)
        {
            throw new TraceFormatException(file, null, "no task in it has started");
        }

        var first = _attempts.Min(a => a.Start);
        var origin = StartedAt < first ? StartedAt.Value : first;
        var events = new List<(DateTimeOffset At, int Rank, TraceEvent Event)>();
        foreach (var task in _attempts.GroupBy(a => a.Task, StringComparer.Ordinal))
        {
            AddTask([.. task.OrderBy(a => a.Start)], events);
        }

        foreach (var (at, _, e) in events.OrderBy(e => e.At).ThenBy(e => e.Rank))
        {
            _trace.Add(e with { Seconds = (at - origin).TotalSeconds });
        }

        if (_clamped > 0)
        {
            Note($"{_clamped} task(s) end up to a second before they start; they are taken to end as they start");
        }

        return _trace.Build(Name, origin, Result, isOver: !IsRunning);
    }

    /// <summary>The events of a task. At one moment, what ends comes before what starts.</summary>
    private void AddTask(List<Attempt> attempts, List<(DateTimeOffset At, int Rank, TraceEvent Event)> events)
    {
        for (var i = 0; i < attempts.Count; i++)
        {
            var a = attempts[i];
            TraceEvent Event(TraceEventKind kind) => new(0, kind, a.Task, attempts[0].Stage);
            if (a.EndsAs == TraceEventKind.Skip)
            {
                events.Add((a.Start, 1, Event(TraceEventKind.Skip) with { Parents = a.Parents }));
                continue;
            }

            events.Add((a.Start, 1, Event(TraceEventKind.Start) with { Parents = a.Parents }));
            DateTimeOffset? end = EndOf(a) is { } ended && i + 1 < attempts.Count && attempts[i + 1].Start < ended ? attempts[i + 1].Start : EndOf(a);
            var rank = end > a.Start ? 0 : 1;
            if (a.Wait is { } wait)
            {
                events.Add((wait.From < a.Start ? a.Start : wait.From > end ? end.Value : wait.From, 1, Event(TraceEventKind.Wait) with { Reason = wait.Reason }));
                if (wait.To < end)
                {
                    events.Add((wait.To.Value, rank, Event(TraceEventKind.Resume)));
                }
            }

            if (end is { } at)
            {
                events.Add((at, rank, Event(a.EndsAs)));
            }
        }
    }

    private DateTimeOffset? EndOf(Attempt a)
    {
        if (a.End is not { } end || end >= a.Start)
        {
            return a.End;
        }

        if ((a.Start - end).TotalSeconds > TraceBuilder.Slip)
        {
            throw new TraceFormatException(file, a.Line, string.Create(CultureInfo.InvariantCulture, $"task '{a.Task}' ends {(a.Start - end).TotalSeconds:0.###} s before it starts"));
        }

        _clamped++;
        return a.Start;
    }
}
