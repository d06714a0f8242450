using Microsoft.Extensions.Time.Testing;
using ProgressTelemetry.Temporal;
using Temporalio.Activities;
using Temporalio.Client;
using Temporalio.Testing;
using Temporalio.Worker;
using Temporalio.Worker.Interceptors;

namespace ProgressTelemetry.NativeEngines.Tests.Temporal;

/// <summary>
/// A workflow that lives in the real replayer: each time it is given a longer history, of which the past is replayed and only the last task is new, as for a worker that lost the workflow from its cache between any two tasks.
/// </summary>
public sealed class TemporalTests : IDisposable
{
    private const string Id = "order-4711";

    private readonly EngineFixture _engine = new();
    private readonly ProgressPlugin _plugin;
    private readonly string _runId = Guid.NewGuid().ToString();

    public TemporalTests() => _plugin = new ProgressPlugin(_engine.Tracker);

    private string Run => $"{Id}/{_runId}";

    [Fact]
    public async Task Workflow_GoesOnTaskByTask_AsOneRunOfWhatIsNew()
    {
        var history = new History(Id, "publish", _runId);
        await ReplayAsync(history);
        Assert.Equal("Running: load Running 0/?", Text());
        Assert.Equal(("publish", History.Start), (_engine.Tracker.GetStatus(Run)!.Workflow, _engine.Tracker.GetStatus(Run)!.StartedAt));

        history.Done();
        var (first, second) = (history.Scheduled("1", "load"), history.Scheduled("2", "load"));
        await ReplayAsync(history.Completed(second).Task());
        Assert.Equal("Running: load Running 1/?", Text());

        await ReplayAsync(history.Done().Completed(first).Task());
        Assert.Equal("Waiting: load Succeeded 2/2, timer Waiting 0/?", Text());

        history.Done();
        var timer = history.TimerStarted("1", TimeSpan.FromHours(1));
        _engine.Advance(3600);
        await ReplayAsync(history.TimerFired("1", timer).Task());
        Assert.Equal("Waiting: load Succeeded 2/2, timer Waiting 0/?", Text());
        Assert.Equal(3600, _engine.Tracker.GetStatus(Run)!.Stages[1].WaitTime.TotalSeconds, tolerance: 1);

        await ReplayAsync(history.Done().Signaled("Approve").Task());
        Assert.Equal("Running: load Succeeded 2/2, timer Succeeded 1/1, charge Running 0/?", Text());

        history.Done();
        await ReplayAsync(history.Completed(history.Scheduled("3", "charge")).Task());
        Assert.Equal("Succeeded: load Succeeded 2/2, timer Succeeded 1/1, charge Succeeded 1/1", Text());
        Assert.Equal(
            ["run publish started", "load started", "load ended Success", "timer started", "timer ended Success", "charge started", "charge ended Success", "run publish ended Success"],
            await _engine.HeardAsync(Run));
        Assert.Empty(_engine.Errors);
    }

    [Fact]
    public async Task Workflow_ThatIsOnlyReplayed_IsNotTold()
    {
        var history = new History(Id, "publish", _runId).Done();
        var (first, second) = (history.Scheduled("1", "load"), history.Scheduled("2", "load"));
        history.Completed(second).Completed(first).Task().Done();
        history.TimerFired("1", history.TimerStarted("1", TimeSpan.FromHours(1))).Signaled("Approve").Task().Done();
        history.Completed(history.Scheduled("3", "charge")).Task().Done().Ended();
        await ReplayAsync(history);

        Assert.Null(_engine.Tracker.GetStatus(Run));
        Assert.Empty(_engine.Errors);
    }

    [Fact]
    public async Task Workflow_ThatAnotherWorkerTakesOver_IsTheSameRunWithWhatIsUnderWay()
    {
        var history = new History(Id, "publish", _runId).Done();
        history.Scheduled("1", "load");
        await ReplayAsync(history.Completed(history.Scheduled("2", "load")).Task());

        Assert.Equal("Running: load Running 1/?", Text());
        Assert.Equal(History.Start, _engine.Tracker.GetStatus(Run)!.StartedAt);
    }

    [Fact]
    public async Task Workflow_WhoseActivityFailsForGood_Fails()
    {
        var history = new History(Id, "publish", _runId);
        await ReplayAsync(history);
        history.Done();
        var first = history.Scheduled("1", "load");
        history.Scheduled("2", "load");
        await ReplayAsync(history.Failed(first, "NoDisk").Completed(first + 1).Task());

        var final = _engine.Tracker.GetStatus(Run)!;
        Assert.Equal((WorkflowResult.Failure, "NoDisk"), (final.Result!.Value, final.ErrorType));
        Assert.Equal("Failed: load Failed 2/2", Text());
    }

    [Fact]
    public async Task Activity_WithARetry_IsAFailedAttemptAndWaitsMeanwhile()
    {
        var interceptor = new ProgressInterceptor(_engine.Tracker);
        await ReplayAsync(new History(Id, "publish", _runId), interceptor);
        await Assert.ThrowsAsync<FormatException>(() => AttemptAsync(interceptor, "1", () => throw new FormatException("flaky")));
        await AttemptAsync(interceptor, "2", () => _engine.Tracker.GetStatus(Run)!.CurrentStages);
        Assert.Equal(1, _engine.Tracker.GetStatus(Run)!.Stages[0].FailedAttempts);

        var items = await AttemptAsync(interceptor, "1", () =>
        {
            WorkflowStage.Current!.RecordItems("row", 7);
            return null;
        });
        Assert.Null(items);
        Assert.Equal((1L, 7L), (_engine.Tracker.GetStatus(Run)!.Stages[0].FailedAttempts, _engine.Tracker.GetStatus(Run)!.Stages[0].Items["row"]));
        Assert.Equal("Running: load Running 0/?", Text());
        Assert.Null(WorkflowStage.Current);
        Assert.Empty(_engine.Errors);
    }

    [Fact]
    public async Task Activity_OfAWorkflowThatIsElsewhere_IsNotTold()
    {
        Assert.Equal("done", await AttemptAsync(new ProgressInterceptor(_engine.Tracker), "1", () => WorkflowStage.Current?.Name ?? "done"));
        Assert.Empty(_engine.Tracker.GetActive());
    }

    [Fact]
    public async Task Workflow_ThatContinuesAsNew_IsTheSameRun()
    {
        var history = new History(Id, "loop", _runId, input: 1);
        await ReplayAsync(history);
        history.Done();
        await ReplayAsync(history.Completed(history.Scheduled("1", "load")).Task());
        Assert.Equal("Waiting: load Waiting 1/?", Text());

        var next = new History(Id, "loop", Guid.NewGuid().ToString(), _runId, input: 2);
        await ReplayAsync(next);
        Assert.Equal("Running: load Running 1/?", Text());
        next.Done();
        await ReplayAsync(next.Completed(next.Scheduled("1", "load")).Task());

        Assert.Equal("Succeeded: load Succeeded 2/2", Text());
        Assert.Equal(["run loop started", "load started", "load ended Success", "run loop ended Success"], await _engine.HeardAsync(Run));
    }

    [Fact]
    public async Task Workflow_ThatAnotherStarts_IsItsChild()
    {
        var (history, child) = (new History(Id, "parent", _runId), Guid.NewGuid().ToString());
        await ReplayAsync(history);
        history.Done();
        var initiated = history.ChildInitiated("child", "publish");
        var started = history.ChildStarted(initiated, "child", child, "publish");
        await ReplayAsync(history.Task());
        Assert.Equal("Running: publish Running 0/?", Text());

        await ReplayAsync(new History("child", "publish", child, parent: (Id, _runId)));
        Assert.Equal((Run, "publish"), (_engine.Tracker.GetStatus($"child/{child}")!.ParentRunId, _engine.Tracker.GetStatus($"child/{child}")!.Workflow));

        await ReplayAsync(history.Done().ChildCompleted(initiated, started, "child", child, "publish").Task());
        Assert.Equal(WorkflowResult.Success, _engine.Tracker.GetStatus(Run)!.Result);
        Assert.Empty(_engine.Errors);
    }

    [Fact]
    public async Task Workflow_ThatFailsByIntention_FailsAndABugIsTriedAgain()
    {
        await ReplayAsync(new History(Id, "failing", _runId));
        Assert.Equal((WorkflowResult.Failure, "NoMoney"), (_engine.Tracker.GetStatus(Run)!.Result!.Value, _engine.Tracker.GetStatus(Run)!.ErrorType));

        var buggy = Guid.NewGuid().ToString();
        await ReplayAsync(new History("b", "buggy", buggy), throwOnFailure: false);
        Assert.Null(_engine.Tracker.GetStatus($"b/{buggy}")!.Result);
    }

    [Fact]
    public async Task Workflow_OfWhichNothingIsHeardForADay_IsLeftWhenAnotherStarts()
    {
        await ReplayAsync(new History(Id, "publish", _runId));
        ((FakeTimeProvider)_engine.Clock).Advance(TimeSpan.FromDays(1));
        await ReplayAsync(new History("other", "publish", Guid.NewGuid().ToString()));
        Assert.Equal(WorkflowResult.Abandoned, _engine.Tracker.GetStatus(Run)!.Result);
    }

    [Fact]
    public async Task Workflow_WhoseTrackingFails_RunsAllTheSame()
    {
        _engine.Clock.Fails = true;
        var history = new History(Id, "publish", _runId);
        await ReplayAsync(history);
        history.Done();
        var (first, second) = (history.Scheduled("1", "load"), history.Scheduled("2", "load"));
        await ReplayAsync(history.Completed(second).Completed(first).Task());
        _engine.Clock.Fails = false;

        Assert.Contains(_engine.Errors, error => error.Contains("Temporal failed", StringComparison.Ordinal) && error.Contains("the clock is broken", StringComparison.Ordinal));
        Assert.Null(_engine.Tracker.GetStatus(Run));
    }

    [Fact]
    public void Plugin_OfAClientAndItsWorker_IsPutInOnce()
    {
        var options = new TemporalWorkerOptions("queue");
        _plugin.ConfigureWorker(options);
        _plugin.ConfigureWorker(options);
        Assert.IsType<ProgressInterceptor>(Assert.Single(options.Interceptors!));
        Assert.IsAssignableFrom<ITemporalClientPlugin>(_plugin);
    }

    public void Dispose() => _engine.Dispose();

    private string Text() => EngineFixture.Text(_engine.Tracker.GetStatus(Run));

    private async Task ReplayAsync(History history, IWorkerInterceptor? interceptor = null, bool throwOnFailure = true)
    {
        var options = new WorkflowReplayerOptions { Plugins = interceptor is null ? [_plugin] : null, Interceptors = interceptor is null ? null : [interceptor] }
            .AddWorkflow<PublishWorkflow>().AddWorkflow<LoopWorkflow>().AddWorkflow<ParentWorkflow>().AddWorkflow<BuggyWorkflow>().AddWorkflow<FailingWorkflow>();
        await new WorkflowReplayer(options).ReplayWorkflowAsync(history.SoFar, throwOnFailure).Within();
    }

    private Task<object?> AttemptAsync(ProgressInterceptor interceptor, string activityId, Func<object?> work)
    {
        var info = ActivityEnvironment.DefaultInfo with { ActivityId = activityId, ActivityType = "load", WorkflowId = Id, WorkflowRunId = _runId };
        var inbound = interceptor.InterceptActivity(new Work(work));
        return new ActivityEnvironment { Info = info }.RunAsync(() => inbound.ExecuteActivityAsync(new ExecuteActivityInput(ActivityDefinition.Create("load", typeof(object), [], 0, _ => null), [], null))).Within();
    }

    private sealed class Work(Func<object?> work) : ActivityInboundInterceptor(null!)
    {
        public override async Task<object?> ExecuteActivityAsync(ExecuteActivityInput input)
        {
            await Task.Yield();
            return work();
        }
    }
}
