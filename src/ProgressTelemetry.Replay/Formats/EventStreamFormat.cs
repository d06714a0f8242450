namespace ProgressTelemetry.Replay.Formats;

/// <summary>
/// Reads an event stream: CSV with the columns <c>t</c>, <c>event</c>, <c>task</c>, <c>stage</c>, and if it has them <c>parents</c> (task ids with spaces between) and <c>reason</c> (of a wait), ordered by time.
/// </summary>
internal sealed class EventStreamFormat
{
    private static readonly string[] Columns = ["t", "event", "task", "stage"];

    private readonly string _file;
    private readonly CsvReader _csv;
    private readonly MomentReader _moments = new();
    private readonly TraceBuilder _trace;
    private readonly int[] _places = new int[Columns.Length];
    private int _parents;
    private int _reason;
    private (double Seconds, string Text) _latest;
    private int _late;

    private EventStreamFormat(string file, TextReader reader) => (_file, _csv, _trace) = (file, new CsvReader(reader, file), new TraceBuilder(file));

    /// <summary>Whether a first line is one of this format's.</summary>
    public static bool IsHeader(string line)
    {
        var names = line.Split(',').Select(name => name.Trim(' ', '"')).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return names.Contains("event") || (names.Contains("t") && names.Contains("task"));
    }

    /// <summary>Reads a trace; <paramref name="file"/> is its name in messages.</summary>
    /// <exception cref="TraceFormatException">It isn't a trace.</exception>
    public static Trace Read(string file, TextReader reader) => new EventStreamFormat(file, reader).Read();

    private Trace Read()
    {
        ReadHeader();
        while (_csv.Read() is { } fields)
        {
            ReadEvent(fields);
        }

        if (_parents < 0)
        {
            _trace.Note("it has no column 'parents', so what the stages need is not known");
        }

        if (_late > 0)
        {
            _trace.Note($"{_late} line(s) are up to a second earlier than the line before; they are put in order");
        }

        return _trace.Build(startedAt: _moments.Origin);
    }

    private void ReadHeader()
    {
        var header = _csv.Read() ?? throw new TraceFormatException(_file, null, "the file is empty");
        int Find(string column) => header.FindIndex(h => h.Trim().Equals(column, StringComparison.OrdinalIgnoreCase));
        for (var i = 0; i < Columns.Length; i++)
        {
            _places[i] = Find(Columns[i]);
            if (_places[i] < 0)
            {
                throw Wrong($"the column '{Columns[i]}' is missing; the first line must name {string.Join(',', Columns)}, and may name parents and reason");
            }
        }

        (_parents, _reason) = (Find("parents"), Find("reason"));
    }

    private void ReadEvent(List<string> fields)
    {
        if (_places.Max() >= fields.Count)
        {
            var missing = Columns.First(c => _places[Array.IndexOf(Columns, c)] >= fields.Count);
            throw Wrong($"the line has {fields.Count} field(s), so the column '{missing}' is missing");
        }

        var seconds = ReadTime(fields[_places[0]].Trim());
        var kind = ReadKind(fields[_places[1]].Trim());
        var isWait = kind is TraceEventKind.Wait or TraceEventKind.Resume;
        var task = isWait ? fields[_places[2]] : NotEmpty(fields[_places[2]], "task");
        var stage = NotEmpty(fields[_places[3]], "stage");
        if (stage.Length > StageName.Longest)
        {
            throw Wrong($"the stage's name has {stage.Length} characters, more than {StageName.Longest}");
        }

        var reason = Optional(fields, _reason);
        _trace.Add(
            new TraceEvent(seconds, kind, task, stage)
            {
                Parents = kind is TraceEventKind.Start or TraceEventKind.Skip ? Optional(fields, _parents).Split(' ', StringSplitOptions.RemoveEmptyEntries) : [],
                Reason = kind != TraceEventKind.Wait ? "" : reason.Length > 0 ? reason : task.Length > 0 ? task : "wait",
            },
            _csv.Line);
    }

    private double ReadTime(string text)
    {
        if (!_moments.TryRead(text, out var seconds, out var error))
        {
            throw Wrong(error);
        }

        if (seconds < _latest.Seconds - TraceBuilder.Slip)
        {
            throw Wrong($"time goes backwards, from {_latest.Text} to {text}");
        }

        if (seconds < _latest.Seconds)
        {
            _late++;
            return seconds;
        }

        _latest = (seconds, text);
        return seconds;
    }

    private TraceEventKind ReadKind(string text) => text.ToLowerInvariant() switch
    {
        "start" => TraceEventKind.Start,
        "complete" => TraceEventKind.Complete,
        "fail" => TraceEventKind.Fail,
        "retry" => TraceEventKind.Retry,
        "skip" => TraceEventKind.Skip,
        "cancel" => TraceEventKind.Cancel,
        "wait" => TraceEventKind.Wait,
        "resume" => TraceEventKind.Resume,
        _ => throw Wrong($"unknown event '{text}'; it must be start, complete, fail, retry, skip, cancel, wait or resume"),
    };

    private static string Optional(List<string> fields, int place) => place >= 0 && place < fields.Count ? fields[place] : "";

    private string NotEmpty(string text, string column) => string.IsNullOrWhiteSpace(text) ? throw Wrong($"the {column} is empty") : text;

    private TraceFormatException Wrong(string reason) => new(_file, _csv.Line, reason);
}
