using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ProgressTelemetry.NativeEngines.Tests.Support;

/// <summary>A tracker on a manual clock beside a real engine, and what was heard of its runs, in order.</summary>
internal sealed class EngineFixture : IDisposable
{
    private readonly Recorder _recorder = new();
    private readonly IgnoredLog _log = new();

    public EngineFixture(IRunStore? store = null)
    {
        Tracker = new ProgressTracker(timeProvider: Clock, loggerFactory: _log, store: store);
        Tracker.Subscribe(_recorder);
    }

    /// <summary>Unlike any other test's.</summary>
    public string Test { get; } = Guid.NewGuid().ToString("N");

    public BreakableClock Clock { get; } = new();

    public ProgressTracker Tracker { get; }

    /// <summary>What the tracker ignored or survived, by kind.</summary>
    public IReadOnlyCollection<string> Errors => _log.Records;

    public Gate Gate(string name) => Support.Gate.Of(Test, name);

    public void Advance(double seconds) => Clock.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>All that was heard of a run's start, stages, revisions and end.</summary>
    public async Task<IReadOnlyList<string>> HeardAsync(string runId)
    {
        await Tracker.DrainAsync().Within();
        return [.. _recorder.Heard.Where(heard => heard.RunId == runId).Select(heard => heard.What)];
    }

    /// <summary>Waits until a run's status is as the test wants it.</summary>
    public async Task<WorkflowStatus> StatusAsync(string runId, Func<WorkflowStatus, bool> condition)
    {
        WorkflowStatus? last = null;
        await Eventually.TrueAsync(() => (last = Tracker.GetStatus(runId)) is not null && condition(last), () => Text(last));
        return last!;
    }

    /// <summary>Lets time pass until a run has ended.</summary>
    public Task<WorkflowStatus> EndAsync(string runId) => StatusAsync(runId, status =>
    {
        if (status.Result is null)
        {
            Advance(0.5);
        }

        return status.Result is not null;
    });

    /// <summary>The stages of a run, as <c>name state done/expected</c>.</summary>
    public static string Text(WorkflowStatus? status) => status is null
        ? "no such run"
        : $"{status.State}: {string.Join(", ", status.Stages.Select(s => $"{s.Name} {s.State} {s.CompletedTasks}/{s.ExpectedTasks?.ToString() ?? "?"}"))}";

    public void Dispose()
    {
        Tracker.Dispose();
        _log.Dispose();
    }

    private sealed class Recorder : ProgressListener
    {
        public override bool HearsTasks => false;

        public ConcurrentQueue<(string RunId, string What)> Heard { get; } = new();

        public override void OnRunStarted(WorkflowRun run) => Heard.Enqueue((run.Id, $"run {run.Workflow} started"));

        public override void OnRunEnded(WorkflowRun run, WorkflowStatus final) => Heard.Enqueue((run.Id, $"run {run.Workflow} ended {final.Result}"));

        public override void OnStageStarted(WorkflowStage stage) => Heard.Enqueue((stage.Run.Id, $"{stage.Name} started"));

        public override void OnStageEnded(WorkflowStage stage, WorkflowResult result) => Heard.Enqueue((stage.Run.Id, $"{stage.Name} ended {result}"));

        public override void OnRevision(WorkflowStage stage, string? reason, string? version) => Heard.Enqueue((stage.Run.Id, $"{stage.Name} sent back: {reason}"));
    }

    private sealed class IgnoredLog : ILoggerFactory, ILogger
    {
        private readonly ConcurrentQueue<string> _records = new();

        public IReadOnlyCollection<string> Records => _records;

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Name == "progress.tracker.ignored")
            {
                _records.Enqueue($"{formatter(state, exception)} {exception}");
            }
        }
    }
}
