using System.Globalization;

namespace ProgressTelemetry.Replay.Formats;

/// <summary>
/// Makes a trace of events as a recording has them: puts them in order, joins the attempts at a task, and refuses what makes no sense as a run (a task that ends and never started).
/// </summary>
internal sealed class TraceBuilder(string file)
{
    /// <summary>How far clocks may be apart, s: an end that is no further before its start is taken to be at it.</summary>
    public const double Slip = 1;

    private readonly List<(TraceEvent Event, long? Line)> _read = [];
    private readonly List<TraceEvent?> _events = [];
    private readonly Dictionary<string, TaskLife> _tasks = new(StringComparer.Ordinal);
    private readonly StageWaits _waits = new(file);
    private readonly Dictionary<string, int> _unreached = new(StringComparer.Ordinal);
    private readonly List<string> _notes = [];
    private int _clamped;

    public bool IsEmpty => _read.Count == 0;

    /// <summary>An event, and the line that it stands in.</summary>
    public void Add(TraceEvent e, long? line = null) => _read.Add((e, line));

    /// <summary>A task of a stage that the run knew of and never came to.</summary>
    public void AddUnreached(string stage) => _unreached[stage] = _unreached.GetValueOrDefault(stage) + 1;

    /// <summary>Something to tell the person who chose the file.</summary>
    public void Note(string text) => _notes.Add(text);

    /// <summary>Makes the trace.</summary>
    /// <param name="name">The workflow's name, if the recording says it.</param>
    /// <param name="startedAt">The run's start, if the recording has dates.</param>
    /// <param name="result">How the run ended, if the recording says it.</param>
    /// <param name="isOver">Whether the run has ended for all that the recording says.</param>
    /// <exception cref="TraceFormatException">The events make no sense as a run.</exception>
    public Trace Build(string? name = null, DateTimeOffset? startedAt = null, WorkflowResult? result = null, bool isOver = true)
    {
        if (IsEmpty)
        {
            throw new TraceFormatException(file, null, "it has no events");
        }

        // Events of one moment stay as they were written.
        var ordered = _read.OrderBy(read => read.Event.Seconds).ToList();
        var start = Math.Min(0, ordered[0].Event.Seconds);
        foreach (var (e, line) in ordered)
        {
            Take(start < 0 ? e with { Seconds = e.Seconds - start } : e, line);
        }

        Check();
        var unfinished = _tasks.Values.Count(task => task.IsOpen);
        isOver = isOver && unfinished == 0 && !_waits.EndsWaiting;
        if (_clamped > 0)
        {
            Note($"{_clamped} task(s) end up to a second before they start; they are taken to end as they start");
        }

        return new Trace(file, [.. _events.OfType<TraceEvent>()], new TraceFacts
        {
            Name = name,
            StartedAt = startedAt + TimeSpan.FromSeconds(start),
            Result = isOver ? result ?? Outcome() : result is WorkflowResult.Success ? null : result,
            Tasks = _tasks.Count,
            UnfinishedTasks = unfinished,
            Notes = [.. _notes],
            Unreached = _unreached,
        });
    }

    /// <summary>How a run ended whose recording says so of its tasks alone.</summary>
    private WorkflowResult Outcome() =>
        _events.Any(e => e?.Kind == TraceEventKind.Fail) ? WorkflowResult.Failure
        : _events.Any(e => e?.Kind == TraceEventKind.Cancel) ? WorkflowResult.Cancellation
        : WorkflowResult.Success;

    private void Take(TraceEvent e, long? line)
    {
        if (e.Kind is TraceEventKind.Wait or TraceEventKind.Resume)
        {
            _events.Add(_waits.Take(e, line));
            return;
        }

        _waits.Passed(e.Stage);
        if (!_tasks.TryGetValue(e.Task, out var task))
        {
            _tasks.Add(e.Task, task = new TaskLife(e.Stage, line));
        }

        if (task.Stage != e.Stage)
        {
            throw Wrong(line, $"task '{e.Task}' {Verb(e.Kind)} in stage '{e.Stage}' but started in '{task.Stage}' (line {task.Line})");
        }

        if (e.Kind == TraceEventKind.Start)
        {
            Start(task, e, line);
        }
        else if (task.IsOpen || (e.Kind is TraceEventKind.Skip or TraceEventKind.Cancel && task is { End: null, Early: null }))
        {
            End(task, e);
        }
        else if (task.Early is null)
        {
            // By a clock that is ahead, its start may still come.
            task.Early = (e, line);
        }
        else
        {
            throw Unexpected(task);
        }
    }

    private void Start(TaskLife task, TraceEvent e, long? line)
    {
        if (task is { IsOpen: true, IsBetweenAttempts: false })
        {
            // Nothing was said of the attempt's end: whoever starts a task again has given up the one before.
            _events.Add(e with { Kind = TraceEventKind.Retry, Parents = [] });
        }
        else if (task.End is { } end)
        {
            // What seemed the task's end was an attempt's; what had no attempt (a skip) is taken back.
            _events[end] = task.HadAttempt ? _events[end]! with { Kind = TraceEventKind.Retry } : null;
        }

        (task.IsOpen, task.HadAttempt, task.IsBetweenAttempts, task.End) = (true, true, false, null);
        _events.Add(e);
        if (task.Early is { } early)
        {
            if (e.Seconds - early.Event.Seconds > Slip)
            {
                throw Wrong(early.Line, string.Create(CultureInfo.InvariantCulture, $"task '{e.Task}' {Verb(early.Event.Kind)} {e.Seconds - early.Event.Seconds:0.###} s before it starts{(line is null ? "" : $" (line {line})")}"));
            }

            _clamped++;
            task.Early = null;
            End(task, early.Event with { Seconds = e.Seconds });
        }
    }

    private void End(TaskLife task, TraceEvent e)
    {
        if (e.Kind == TraceEventKind.Retry)
        {
            task.IsBetweenAttempts = true;
            _events.Add(e);
            return;
        }

        if (_waits.EndOf(e) is { } resume)
        {
            _events.Add(resume);
        }

        (task.IsOpen, task.IsBetweenAttempts, task.End, task.EndedAs) = (false, false, _events.Count, e.Kind);
        _events.Add(e);
    }

    /// <summary>Ends whose start never came.</summary>
    private void Check()
    {
        if (_tasks.Values.Where(task => task.Early is not null).MinBy(task => task.Early!.Value.Line ?? 0) is { } wrong)
        {
            throw Unexpected(wrong);
        }
    }

    private TraceFormatException Unexpected(TaskLife task)
    {
        var (e, line) = task.Early!.Value;
        return Wrong(line, $"task '{e.Task}' {Verb(e.Kind)} " + (task.End is null ? "without having started" : task.EndedAs == e.Kind ? "twice" : "after it has ended"));
    }

    private static string Verb(TraceEventKind kind) => kind switch
    {
        TraceEventKind.Start => "starts",
        TraceEventKind.Complete => "completes",
        TraceEventKind.Fail => "fails",
        TraceEventKind.Retry => "is retried",
        TraceEventKind.Skip => "is skipped",
        _ => "is cancelled",
    };

    private TraceFormatException Wrong(long? line, string reason) => new(file, line, reason);

    private sealed class TaskLife(string stage, long? line)
    {
        public string Stage => stage;

        /// <summary>Where it is first spoken of.</summary>
        public long? Line => line;

        public bool IsOpen { get; set; }

        public bool HadAttempt { get; set; }

        public bool IsBetweenAttempts { get; set; }

        /// <summary>The place of its last end among the events, and which it was.</summary>
        public int? End { get; set; }

        public TraceEventKind EndedAs { get; set; }

        /// <summary>An end that came before its start.</summary>
        public (TraceEvent Event, long? Line)? Early { get; set; }
    }
}
