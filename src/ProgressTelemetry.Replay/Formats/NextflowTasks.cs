using System.Globalization;

namespace ProgressTelemetry.Replay.Formats;

/// <summary>
/// Which rows are attempts at one task: those of one <c>task_id</c>; and, as Nextflow may give each attempt an id of its own, a row of the same name after one that failed.
/// </summary>
internal sealed class NextflowTasks
{
    private readonly Dictionary<string, string> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<(NextflowRow Row, string Task)>> _failed = new(StringComparer.Ordinal);
    private readonly HashSet<NextflowRow> _retried = [];

    /// <summary>Whether another attempt followed.</summary>
    public bool IsRetried(NextflowRow row) => _retried.Contains(row);

    /// <summary>The task of a row; rows are asked for in the order in which they were submitted.</summary>
    public string TaskOf(NextflowRow row)
    {
        var task = row.Id.Length > 0 && _byId.TryGetValue(row.Id, out var same) ? same : Follows(row) ?? NewName(row);
        if (row.Id.Length > 0)
        {
            _byId[row.Id] = task;
        }

        var failed = _failed.TryGetValue(row.Name, out var open) ? open : _failed[row.Name] = [];
        foreach (var earlier in failed.Where(f => f.Task == task))
        {
            _retried.Add(earlier.Row);
        }

        failed.RemoveAll(f => f.Task == task);
        if (row.EndsAs == TraceEventKind.Fail)
        {
            failed.Add((row, task));
        }

        return task;
    }

    private string? Follows(NextflowRow row) => row.IsCached || !_failed.TryGetValue(row.Name, out var failed)
        ? null
        : failed.Find(f => row.Attempt is { } attempt && f.Row.Attempt is { } before ? attempt == before + 1 : row.Submitted >= f.Row.End).Task;

    private static string NewName(NextflowRow row)
    {
        var id = row.Id.Length > 0 ? row.Id : row.Line.ToString(CultureInfo.InvariantCulture);
        return $"{row.Name} #{id}";
    }
}
