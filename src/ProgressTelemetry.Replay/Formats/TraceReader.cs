using System.Globalization;

namespace ProgressTelemetry.Replay.Formats;

/// <summary>
/// Reads an event stream: CSV with the columns <c>t</c> (seconds since the run's start), <c>event</c> (<c>start</c> or <c>complete</c>), <c>task</c>, <c>stage</c> and
/// <c>parents</c> (task ids with spaces between), ordered by time. What it accepts makes sense as a run: nothing ends that has not started.
/// </summary>
public sealed class TraceReader
{
    /// <summary>Ten years, in s: a longer run is a mistake of unit.</summary>
    private const double LongestSeconds = 3.16e8;

    /// <summary>The library's limit on the length of a name.</summary>
    private const int LongestName = 200;

    private static readonly string[] Columns = ["t", "event", "task", "stage", "parents"];

    private readonly string _file;
    private readonly CsvReader _csv;
    private readonly int[] _places = new int[Columns.Length];
    private readonly Dictionary<string, TaskLife> _tasks = new(StringComparer.Ordinal);
    private double _now;

    private TraceReader(string file, TextReader reader)
    {
        _file = file;
        _csv = new CsvReader(reader, file);
    }

    /// <summary>Reads a trace from a file.</summary>
    /// <exception cref="TraceFormatException">The file can't be read, or isn't a trace; the message names the file, the line and the reason.</exception>
    public static Trace ReadFile(string path)
    {
        try
        {
            using var reader = new StreamReader(path);
            return Read(path, reader);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new TraceFormatException(path, null, "there is no such file", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TraceFormatException(path, null, Directory.Exists(path) ? "this is a folder, not a file" : $"cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads a trace; <paramref name="file"/> is its name in messages.</summary>
    /// <exception cref="TraceFormatException">It isn't a trace.</exception>
    public static Trace Read(string file, TextReader reader) => new TraceReader(file, reader).Read();

    private Trace Read()
    {
        ReadHeader();
        var events = new List<TraceEvent>();
        while (_csv.Read() is { } fields)
        {
            events.Add(ReadEvent(fields));
        }

        return events.Count > 0 ? new Trace(_file, events) : throw Wrong("it has no events", line: null);
    }

    private void ReadHeader()
    {
        var header = _csv.Read() ?? throw Wrong("the file is empty", line: null);
        for (var i = 0; i < Columns.Length; i++)
        {
            var column = Columns[i];
            _places[i] = header.FindIndex(h => h.Trim() == column);
            if (_places[i] < 0)
            {
                throw Wrong($"the column '{column}' is missing; the first line must name {string.Join(',', Columns)}");
            }
        }
    }

    private TraceEvent ReadEvent(List<string> fields)
    {
        if (_places.Max() >= fields.Count)
        {
            var missing = Columns.First(c => _places[Array.IndexOf(Columns, c)] >= fields.Count);
            throw Wrong($"the line has {fields.Count} field(s), so the column '{missing}' is missing");
        }

        var seconds = ReadTime(fields[_places[0]]);
        var kind = fields[_places[1]] switch
        {
            "start" => TraceEventKind.Start,
            "complete" => TraceEventKind.Complete,
            var other => throw Wrong($"unknown event '{other}'; it must be start or complete"),
        };
        var task = ReadName(fields[_places[2]], "task");
        var stage = ReadName(fields[_places[3]], "stage");
        Live(kind, task, stage);
        var parents = kind == TraceEventKind.Start ? fields[_places[4]].Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];
        return new TraceEvent(seconds, kind, task, stage, parents);
    }

    private double ReadTime(string text)
    {
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) || !double.IsFinite(seconds))
        {
            throw Wrong($"t is '{text}', which is not a number");
        }

        if (seconds is < 0 or > LongestSeconds)
        {
            throw Wrong($"t is {text}; it must be from 0 to {LongestSeconds:0} seconds");
        }

        if (seconds < _now)
        {
            throw Wrong(string.Create(CultureInfo.InvariantCulture, $"time goes backwards, from {_now} to {seconds}"));
        }

        return _now = seconds;
    }

    private string ReadName(string text, string column) => text switch
    {
        _ when string.IsNullOrWhiteSpace(text) => throw Wrong($"the {column} is empty"),
        { Length: > LongestName } => throw Wrong($"the {column}'s name has {text.Length} characters, more than {LongestName}"),
        _ => text,
    };

    private void Live(TraceEventKind kind, string task, string stage)
    {
        var known = _tasks.TryGetValue(task, out var life);
        if (kind == TraceEventKind.Start)
        {
            if (known)
            {
                throw Wrong($"task '{task}' starts twice (first on line {life!.StartLine})");
            }

            _tasks.Add(task, new TaskLife(stage, _csv.Line));
            return;
        }

        if (!known)
        {
            throw Wrong($"task '{task}' completes without having started");
        }

        if (life!.Stage != stage)
        {
            throw Wrong($"task '{task}' completes in stage '{stage}' but started in '{life.Stage}' (line {life.StartLine})");
        }

        if (life.Completed)
        {
            throw Wrong($"task '{task}' completes twice");
        }

        life.Completed = true;
    }

    private TraceFormatException Wrong(string reason) => Wrong(reason, _csv.Line);

    private TraceFormatException Wrong(string reason, long? line) => new(_file, line, reason);

    private sealed class TaskLife(string stage, long startLine)
    {
        public string Stage => stage;

        public long StartLine => startLine;

        public bool Completed { get; set; }
    }
}
