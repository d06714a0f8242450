using Microsoft.Agents.AI.Workflows;

namespace ProgressTelemetry.NativeEngines.Tests.AgentFramework;

public sealed class AgentFrameworkTests : IDisposable
{
    private const string Planned = "draft Running 0/1, pictures Pending 0/1, text Pending 0/1, join Pending 0/1, approval Pending 0/1, decide Pending 0/1, publish Pending 0/1";

    private readonly EngineFixture _engine = new();

    [Fact]
    public async Task Run_WithAFanOutAnApprovalAndALoop_ShowsEachWhileItLasts()
    {
        var workflow = Report.Build(_engine.Test);
        await using var run = await InProcessExecution.RunStreamingAsync(workflow, "topic");
        var answers = new Queue<bool>([false, true]);
        var asked = new SemaphoreSlim(0);
        var answer = new SemaphoreSlim(0);
        var reading = Task.Run(async () =>
        {
            var seen = new List<WorkflowEvent>();
            await foreach (var happened in run.WatchStreamAsync().TrackProgress(_engine.Tracker, workflow, run.SessionId))
            {
                seen.Add(happened);
                if (happened is RequestInfoEvent request)
                {
                    asked.Release();
                    await answer.WaitAsync();
                    await run.SendResponseAsync(request.Request.CreateResponse(answers.Dequeue()));
                }
            }

            return seen;
        });

        await _engine.Gate("draft").Reached;
        var status = await _engine.StatusAsync(run.SessionId, s => s.Stages is [{ State: WorkflowState.Running }, ..]);
        Assert.Equal($"Running: {Planned}", EngineFixture.Text(status));
        Assert.Equal("report", status.Workflow);
        _engine.Gate("draft").Open();
        await Task.WhenAll(_engine.Gate("text").Reached, _engine.Gate("pictures").Reached);
        await _engine.StatusAsync(run.SessionId, s => s.CurrentStages is ["pictures", "text"]);
        _engine.Gate("text").Open();
        _engine.Gate("pictures").Open();

        await asked.WaitAsync().Within();
        Assert.Equal(WorkflowState.Waiting, _engine.Tracker.GetStatus(run.SessionId)!.State);
        _engine.Advance(60);
        answer.Release();
        await asked.WaitAsync().Within();
        var revised = _engine.Tracker.GetStatus(run.SessionId)!;
        Assert.Equal(WorkflowState.Waiting, revised.State);
        Assert.Equal(60, revised.Stages.Single(s => s.Name == "approval").WaitTime.TotalSeconds, tolerance: 0.01);
        Assert.Equal([("draft", 1L), ("pictures", 1L), ("text", 1L), ("join", 1L), ("approval", 1L), ("decide", 0L), ("publish", 0L)], revised.Stages.Select(s => (s.Name, s.Revisions)));
        answer.Release();
        _engine.Gate("publish").Open();

        var seen = await reading.Within();
        var final = _engine.Tracker.GetStatus(run.SessionId)!;
        Assert.Equal((WorkflowResult.Success, 1d), (final.Result!.Value, final.CompletionRatio!.Value));
        Assert.Equal([2, 2, 2, 2, 2, 2, 1], final.Stages.Select(s => s.Attempts));
        Assert.Contains(seen, happened => happened is WorkflowOutputEvent);
        Assert.Empty(_engine.Errors);
    }

    [Fact]
    public async Task Run_WhoseExecutorThrows_FailsThoughTheEngineSaysNothingOfItInItsSpans()
    {
        var workflow = Report.Build(_engine.Test, isPublishFailing: true);
        OpenAll();
        await using var run = await InProcessExecution.RunStreamingAsync(workflow, "topic");
        await ReadAsync(run, workflow);

        var final = _engine.Tracker.GetStatus(run.SessionId)!;
        Assert.Equal((WorkflowResult.Failure, "System.FormatException"), (final.Result, final.ErrorType));
        Assert.Equal(WorkflowState.Failed, final.Stages.Single(s => s.Name == "publish").State);
        Assert.Empty(_engine.Errors);
    }

    [Fact]
    public async Task Run_WhoseReaderStopsAtTheRequest_WaitsAndGoesOnWithTheNextReader()
    {
        var workflow = Report.Build(_engine.Test);
        OpenAll();
        await using var run = await InProcessExecution.RunStreamingAsync(workflow, "topic");
        RequestInfoEvent? request = null;
        await foreach (var happened in run.WatchStreamAsync(blockOnPendingRequest: false).TrackProgress(_engine.Tracker, workflow, run.SessionId))
        {
            request = happened as RequestInfoEvent ?? request;
        }

        Assert.Equal(WorkflowState.Waiting, _engine.Tracker.GetStatus(run.SessionId)!.State);
        await run.SendResponseAsync(request!.Request.CreateResponse(true));
        await foreach (var _ in run.WatchStreamAsync().TrackProgress(_engine.Tracker, workflow, run.SessionId))
        {
        }

        var final = _engine.Tracker.GetStatus(run.SessionId)!;
        Assert.Equal((WorkflowResult.Success, WorkflowState.Succeeded), (final.Result!.Value, final.Stages.Single(s => s.Name == "approval").State));
        Assert.Equal(1, (await _engine.HeardAsync(run.SessionId)).Count(heard => heard == "run report started"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_ThatIsCancelled_IsCancelled(bool isByToken)
    {
        var workflow = Report.Build(_engine.Test);
        await using var run = await InProcessExecution.RunStreamingAsync(workflow, "topic");
        using var cancellation = new CancellationTokenSource();
        var reading = Task.Run(async () =>
        {
            await foreach (var _ in run.WatchStreamAsync(cancellation.Token).TrackProgress(_engine.Tracker, workflow, run.SessionId))
            {
            }
        });
        await _engine.Gate("draft").Reached;
        await _engine.StatusAsync(run.SessionId, s => s.CurrentStages is ["draft"]);
        var cancelling = isByToken ? cancellation.CancelAsync() : run.CancelRunAsync().AsTask();
        if (isByToken)
        {
            // The run itself goes on: were it to come to the approval first, it would be left waiting for that.
            await Task.WhenAll(cancelling, reading).Within();
        }

        OpenAll();
        await Task.WhenAll(cancelling, reading).Within();

        Assert.Equal(WorkflowResult.Cancellation, _engine.Tracker.GetStatus(run.SessionId)!.Result);
        Assert.Empty(_engine.Errors);
    }

    [Fact]
    public async Task Run_WithinAStage_IsATaskOfIt()
    {
        var workflow = Report.Build(_engine.Test);
        OpenAll();
        await using var run = await InProcessExecution.RunStreamingAsync(workflow, "topic");
        await _engine.Tracker.RunAsync("outer", (outer, _) => outer.StageAsync("agents", (_, _) => (Task)ReadAsync(run, workflow), expectedTasks: 1), new WorkflowRunOptions { RunId = "outer" });

        Assert.Equal("outer", _engine.Tracker.GetStatus(run.SessionId)!.ParentRunId);
        Assert.Equal("Succeeded: agents Succeeded 1/1", EngineFixture.Text(_engine.Tracker.GetStatus("outer")));
    }

    [Fact]
    public async Task Run_WhoseTrackingFails_PassesAllEventsOn()
    {
        var workflow = Report.Build(_engine.Test);
        OpenAll();
        await using var run = await InProcessExecution.RunStreamingAsync(workflow, "topic");
        _engine.Clock.Fails = true;
        var seen = await ReadAsync(run, workflow);
        _engine.Clock.Fails = false;

        Assert.Contains(seen, happened => happened is WorkflowOutputEvent);
        Assert.Contains(_engine.Errors, error => error.Contains("Agent Framework failed", StringComparison.Ordinal));
        Assert.Null(_engine.Tracker.GetStatus(run.SessionId));
    }

    public void Dispose() => _engine.Dispose();

    private void OpenAll() => Array.ForEach(["draft", "text", "pictures", "publish"], name => _engine.Gate(name).Open());

    /// <summary>Reads a run to its end, and says yes to what it asks.</summary>
    private async Task<List<WorkflowEvent>> ReadAsync(StreamingRun run, Workflow workflow)
    {
        var seen = new List<WorkflowEvent>();
        await foreach (var happened in run.WatchStreamAsync().TrackProgress(_engine.Tracker, workflow, run.SessionId))
        {
            seen.Add(happened);
            if (happened is RequestInfoEvent request)
            {
                await run.SendResponseAsync(request.Request.CreateResponse(true));
            }
        }

        return seen;
    }
}
