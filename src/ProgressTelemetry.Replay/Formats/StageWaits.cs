namespace ProgressTelemetry.Replay.Formats;

/// <summary>The declared waits that are open while a recording is read.</summary>
internal sealed class StageWaits(string file)
{
    private readonly List<(TraceEvent Event, long? Line)> _open = [];
    private readonly HashSet<string> _last = new(StringComparer.Ordinal);

    /// <summary>Whether a wait was the last that was heard of its stage.</summary>
    public bool EndsWaiting => _last.Count > 0;

    /// <summary>A wait begins or ends. Returns the event, with the name of the wait that it ends.</summary>
    public TraceEvent Take(TraceEvent e, long? line)
    {
        if (e.Kind == TraceEventKind.Wait)
        {
            if (_open.FindIndex(w => w.Event.Stage == e.Stage && w.Event.Task == e.Task) is var same and >= 0)
            {
                throw new TraceFormatException(file, line, $"stage '{e.Stage}' waits already{(_open[same].Line is { } first ? $" (since line {first})" : "")}");
            }

            _open.Add((e, line));
            _last.Add(e.Stage);
            return e;
        }

        var ended = _open.FindIndex(w => w.Event.Stage == e.Stage && w.Event.Task == e.Task);
        if (ended < 0)
        {
            ended = _open.FindLastIndex(w => w.Event.Stage == e.Stage && (e.Task.Length == 0 || w.Event.Task.Length == 0));
        }

        if (ended < 0)
        {
            throw new TraceFormatException(file, line, $"stage '{e.Stage}' resumes without having waited");
        }

        var task = _open[ended].Event.Task;
        _open.RemoveAt(ended);
        _last.Remove(e.Stage);
        return e with { Task = task };
    }

    /// <summary>Something else happened in a stage: a wait in it that is never ended lasts until the stage's end.</summary>
    public void Passed(string stage) => _last.Remove(stage);

    /// <summary>The end of the wait that a task had declared and that ends with it.</summary>
    public TraceEvent? EndOf(TraceEvent taskEnd)
    {
        var own = _open.FindIndex(w => w.Event.Stage == taskEnd.Stage && w.Event.Task == taskEnd.Task);
        if (own < 0)
        {
            return null;
        }

        _open.RemoveAt(own);
        return new TraceEvent(taskEnd.Seconds, TraceEventKind.Resume, taskEnd.Task, taskEnd.Stage);
    }
}
