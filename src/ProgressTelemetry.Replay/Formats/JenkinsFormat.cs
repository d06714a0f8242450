using System.Text.Json;
using System.Text.RegularExpressions;

namespace ProgressTelemetry.Replay.Formats;

/// <summary>Reads the stages of a Jenkins build, as the Pipeline REST API has them at <c>…/wfapi/describe</c>. A stage is a task of its own; one of the same name again is another task of that stage.</summary>
internal sealed partial class JenkinsFormat
{
    private const string Unsaid = "Jenkins' stages do not say which needs which, nor of retries or of the branches and steps within; a pause is taken to be at its stage's beginning";

    private readonly JsonElement _build;
    private readonly Recording _recording;

    private JenkinsFormat(string file, JsonElement build) => (_recording, _build) = (new Recording(file), build);

    /// <summary>Whether this looks like one.</summary>
    public static bool Is(JsonElement root) => root.Has("stages") || root.Items().FirstOrDefault().Has("stages");

    /// <summary>Reads a trace.</summary>
    /// <exception cref="TraceFormatException">It isn't one.</exception>
    public static Trace Read(string file, JsonElement root)
    {
        var builds = root.ValueKind == JsonValueKind.Array ? [.. root.Items()] : new[] { root };
        return builds switch
        {
            [var build] when build.Get("stages").Items().Any() => new JenkinsFormat(file, build).Read(),
            [] or [_] => throw new TraceFormatException(file, null, "it has no stages"),
            _ => throw new TraceFormatException(file, null, $"it has {builds.Length} builds; a file of one is wanted (wfapi/describe)"),
        };
    }

    private Trace Read()
    {
        var status = _build.Text("status");
        _recording.Name = JobPath.Match(_build.Get("_links").Get("self").Text("href")) is { Success: true } job ? Uri.UnescapeDataString(string.Join('/', job.Groups["job"].Captures.Select(folder => folder.Value))) : null;
        _recording.StartedAt = Moment(_build, "startTimeMillis");
        _recording.IsRunning = status is "IN_PROGRESS" or "PAUSED_PENDING_INPUT";
        _recording.Result = status switch
        {
            "SUCCESS" or "UNSTABLE" => WorkflowResult.Success,
            "FAILED" or "FAILURE" => WorkflowResult.Failure,
            "ABORTED" => WorkflowResult.Cancellation,
            _ => null,
        };
        foreach (var (place, stage) in _build.Get("stages").Items().Index())
        {
            Add(stage, place);
        }

        _recording.Note(Unsaid);
        return _recording.Build();
    }

    private void Add(JsonElement stage, int place)
    {
        var name = StageName.Of(stage.Text("name"));
        var status = stage.Text("status");
        if (status == "NOT_EXECUTED" && _recording.Result != WorkflowResult.Success)
        {
            // The build did not come to it.
            _recording.AddUnreached(name);
            return;
        }

        var start = Moment(stage, "startTimeMillis") ?? _recording.StartedAt;
        if (start is not { } started)
        {
            _recording.AddUnreached(name);
            return;
        }

        var duration = TimeSpan.FromMilliseconds(Bounded(stage.Milliseconds("durationMillis")));
        var pause = TimeSpan.FromMilliseconds(Bounded(stage.Milliseconds("pauseDurationMillis")));
        var isPaused = status == "PAUSED_PENDING_INPUT";
        _recording.IsRunning |= isPaused || status == "IN_PROGRESS";
        _recording.Add(new Attempt($"{name} #{(stage.Text("id") is { Length: > 0 } id ? id : place)}", name, started)
        {
            End = isPaused || status == "IN_PROGRESS" ? null : started + duration,
            EndsAs = status switch
            {
                "NOT_EXECUTED" => TraceEventKind.Skip,
                "FAILED" or "FAILURE" => TraceEventKind.Fail,
                "ABORTED" => TraceEventKind.Cancel,
                _ => TraceEventKind.Complete,
            },
            Wait = isPaused ? (started + (duration > pause ? duration - pause : TimeSpan.Zero), null, "input")
                : pause > TimeSpan.Zero ? (started, started + pause, "input")
                : null,
        });
    }

    private static DateTimeOffset? Moment(JsonElement element, string name) => MomentReader.TryEpochMilliseconds(element.Text(name), out var moment) ? moment : null;

    private static double Bounded(double? milliseconds) => Math.Clamp(milliseconds ?? 0, 0, 1e12);

    [GeneratedRegex(@"(/job/(?<job>[^/]+))+/\d+/", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex JobPath { get; }
}
