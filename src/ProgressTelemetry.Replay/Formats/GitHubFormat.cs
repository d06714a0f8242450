using System.Text.Json;
using System.Text.RegularExpressions;

namespace ProgressTelemetry.Replay.Formats;

/// <summary>
/// Reads the jobs of a GitHub Actions run: <c>gh api repos/OWNER/NAME/actions/runs/ID/jobs</c> (also <c>?filter=all</c>, and several pages), or <c>gh run view ID --json jobs</c>. A job is a task; the jobs of a matrix,
/// <c>build (ubuntu, 1)</c>, are tasks of one stage.
/// </summary>
internal sealed partial class GitHubFormat
{
    private const string Unsaid = "GitHub's jobs do not say which job needs which (needs), when one waited for an approval, or which failure was allowed (continue-on-error); their steps are not read";

    private readonly Recording _recording;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    private GitHubFormat(string file) => _recording = new Recording(file);

    /// <summary>Whether this looks like one.</summary>
    public static bool Is(JsonElement root) => root.Has("jobs") || (root.Items().FirstOrDefault() is var first && (first.Has("jobs") || (first.Has("conclusion") && (first.Has("started_at") || first.Has("startedAt")))));

    /// <summary>Reads a trace.</summary>
    /// <exception cref="TraceFormatException">It isn't one.</exception>
    public static Trace Read(string file, JsonElement root)
    {
        var pages = root.ValueKind == JsonValueKind.Array ? root.Items() : [root];
        var jobs = pages.SelectMany(page => page.Has("jobs") ? page.Get("jobs").Items() : page.Has("name") ? [page] : []).ToList();
        return jobs.Count > 0 ? new GitHubFormat(file).Read(jobs) : throw new TraceFormatException(file, null, "it has no jobs");
    }

    private Trace Read(List<JsonElement> jobs)
    {
        _recording.Name = jobs.Select(job => job.Text("workflow_name", "workflowName")).FirstOrDefault(name => name.Length > 0);
        _recording.StartedAt = jobs.Min(job => job.Date("created_at", "createdAt") ?? Started(job));
        var ofName = jobs.CountBy(job => (job.Text("name"), job.Text("run_attempt"))).ToDictionary();
        foreach (var job in jobs)
        {
            // A job's name is its own within one attempt at the run, unless two were called the same.
            var name = job.Text("name");
            Add(job, ofName[(name, job.Text("run_attempt"))] == 1 ? name : $"{name} #{job.Text("id", "databaseId")}");
        }

        _recording.Note(Unsaid);
        return _recording.Build();
    }

    private void Add(JsonElement job, string task)
    {
        var stage = StageName.Of(Matrix.Match(job.Text("name")) is { Success: true } matrix ? matrix.Groups["job"].Value : job.Text("name"));
        var (status, conclusion) = (job.Text("status"), job.Text("conclusion"));
        var isOver = status is "completed" or "" && conclusion.Length > 0;
        _recording.IsRunning |= !isOver;
        if (Started(job) is not { } start || status is "queued" or "waiting" or "pending" or "requested")
        {
            _recording.AddUnreached(stage);
            return;
        }

        // A job that a later attempt at the run left as it was is told again with its old times.
        if (_known.Add($"{task}\n{start:O}"))
        {
            _recording.Add(new Attempt(task, stage, start)
            {
                End = isOver ? job.Date("completed_at", "completedAt") : null,
                EndsAs = conclusion switch
                {
                    "success" or "neutral" => TraceEventKind.Complete,
                    "skipped" => TraceEventKind.Skip,
                    "cancelled" or "stale" => TraceEventKind.Cancel,
                    _ => TraceEventKind.Fail,
                },
            });
        }
    }

    private static DateTimeOffset? Started(JsonElement job) => job.Date("started_at", "startedAt");

    [GeneratedRegex(@"^(?<job>.*\S)\s*\([^()]*(\([^()]*\)[^()]*)*\)$", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Matrix { get; }
}
