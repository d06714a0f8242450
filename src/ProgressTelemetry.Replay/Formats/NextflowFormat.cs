namespace ProgressTelemetry.Replay.Formats;

/// <summary>
/// Reads Nextflow's trace file (<c>-with-trace</c>): a line a task or attempt, tabs between, raw or for people. It needs <c>status</c>, <c>name</c> or <c>process</c>, and a moment of each task: <c>start</c>, <c>complete</c> or <c>submit</c>.
/// </summary>
internal sealed class NextflowFormat
{
    private const string Unsaid = "Nextflow's trace does not say which process needs which, how the run ended (it failed if a task did for good and none was submitted afterwards), or when a cached task was found (taken to be by the line before)";

    private readonly string _file;
    private readonly Recording _recording;
    private readonly List<NextflowRow> _rows = [];

    private NextflowFormat(string file) => (_file, _recording) = (file, new Recording(file));

    /// <summary>Whether a first line is one of this format's.</summary>
    public static bool IsHeader(string line) => line.Contains('\t', StringComparison.Ordinal) && NextflowRow.Columns(line) is var columns && columns.ContainsKey("status") && (columns.ContainsKey("name") || columns.ContainsKey("process"));

    /// <summary>Reads a trace.</summary>
    /// <exception cref="TraceFormatException">It isn't one.</exception>
    public static Trace Read(string file, string text) => new NextflowFormat(file).Read(text);

    private Trace Read(string text)
    {
        ReadRows(text);
        var tasks = new NextflowTasks();
        var worked = _rows.Where(row => !row.IsCached).ToList();
        foreach (var row in worked.OrderBy(row => row.Submitted))
        {
            Add(row, tasks.TaskOf(row));
        }

        AddCached(tasks);
        var failures = worked.Where(row => row.EndsAs == TraceEventKind.Fail && !tasks.IsRetried(row)).ToList();
        var goesOn = failures.Count > 0 && worked.Any(row => row.Submitted > failures.Min(f => f.End));
        _recording.Result = worked.Any(row => row.IsAborted) || (failures.Count > 0 && !goesOn) ? WorkflowResult.Failure : WorkflowResult.Success;
        _recording.StartedAt = worked.Min(row => row.Submitted);
        _recording.Note(Unsaid);
        return _recording.Build();
    }

    private void ReadRows(string text)
    {
        using var reader = new StringReader(text);
        Dictionary<string, int>? columns = null;
        long number = 0;
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            if (columns is null)
            {
                columns = NextflowRow.Columns(line);
                if (!columns.ContainsKey("status") || !(columns.ContainsKey("name") || columns.ContainsKey("process")))
                {
                    throw new TraceFormatException(_file, number, "the first line must name status, and name or process, with tabs between");
                }
            }
            else if (NextflowRow.Read(_file, number, columns, line) is { } row)
            {
                _rows.Add(row);
            }
        }

        if (_rows.Count == 0)
        {
            throw new TraceFormatException(_file, null, "it has no tasks");
        }
    }

    private void Add(NextflowRow row, string task)
    {
        if (!row.HasStarted)
        {
            // Submitted when the file was written, or cut off before it ran.
            _recording.AddUnreached(row.Stage);
            _recording.IsRunning |= !row.IsAborted;
            return;
        }

        _recording.Add(new Attempt(task, row.Stage, row.Start!.Value)
        {
            End = row.IsRunning ? null : row.End ?? _rows.Max(r => r.IsCached ? null : r.End) ?? row.Start,
            EndsAs = row.EndsAs,
            Line = row.Line,
        });
    }

    /// <summary>The dates of a cached task are those of the run that worked on it.</summary>
    private void AddCached(NextflowTasks tasks)
    {
        var now = _rows.Where(row => !row.IsCached).Min(row => row.Submitted) ?? _rows.Select(row => row.Submitted ?? row.Start).Min() ?? DateTimeOffset.UnixEpoch;
        foreach (var row in _rows)
        {
            if (row.IsCached)
            {
                _recording.Add(new Attempt(tasks.TaskOf(row), row.Stage, now) { EndsAs = TraceEventKind.Skip, Line = row.Line });
            }
            else if (row.End > now)
            {
                now = row.End.Value;
            }
        }
    }
}
