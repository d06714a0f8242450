using ProgressTelemetry.Tests.Support;

namespace ProgressTelemetry.Tests.Scopes;

public class ScopeTests
{
    [Fact]
    public async Task RunAsync_ThatReturns_IsSuccess()
    {
        using var fixture = new TrackerFixture();
        var answer = await fixture.Tracker.RunAsync("w", (run, _) => run.StageAsync("s", (_, _) => Task.FromResult(42)), new() { RunId = "r" });
        Assert.Equal(42, answer);
        var status = fixture.Tracker.GetStatus("r")!;
        Assert.Equal(WorkflowResult.Success, status.Result);
        Assert.Equal(WorkflowResult.Success, Assert.Single(status.Stages).Result);
    }

    public static TheoryData<Exception, WorkflowResult, string?> Failures => new()
    {
        { new InvalidOperationException("x"), WorkflowResult.Failure, "System.InvalidOperationException" },
        { new TimeoutException("x"), WorkflowResult.Timeout, "System.TimeoutException" },
        { new OperationCanceledException("x"), WorkflowResult.Timeout, "System.OperationCanceledException" },
        { new TaskCanceledException("x"), WorkflowResult.Timeout, "System.Threading.Tasks.TaskCanceledException" },
        { new TaskCanceledException("x", new TimeoutException()), WorkflowResult.Timeout, "System.Threading.Tasks.TaskCanceledException" },
    };

    /// <summary>A cancellation is what the caller's token asked for; a body's own token is its time-out.</summary>
    [Fact]
    public async Task RunAsync_WhenTheCallersTokenIsCancelled_IsCancelled()
    {
        using var fixture = new TrackerFixture();
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fixture.Tracker.RunAsync("w", async (run, ct) =>
        {
            await stop.CancelAsync();
            ct.ThrowIfCancellationRequested();
        }, new() { RunId = "r" }, stop.Token));
        Assert.Equal((WorkflowResult.Cancellation, null), (fixture.Tracker.GetStatus("r")!.Result!.Value, fixture.Tracker.GetStatus("r")!.ErrorType));
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task RunAsync_ThatThrows_HasTheResultOfTheException(Exception exception, WorkflowResult result, string? errorType)
    {
        using var fixture = new TrackerFixture();
        var thrown = await Assert.ThrowsAsync(exception.GetType(), () => fixture.Tracker.RunAsync("w", (run, _) => run.StageAsync("s", async (_, _) =>
        {
            await Task.Yield();
            throw exception;
        }), new() { RunId = "r" }));

        Assert.Same(exception, thrown);
        var status = fixture.Tracker.GetStatus("r")!;
        Assert.Equal(result, status.Result);
        Assert.Equal(errorType, status.ErrorType);
        Assert.Equal(result, status.Stages[0].Result);
        Assert.Equal(0, fixture.Errors("late_update"));
        Assert.Equal(1, fixture.Collect().Count(r => r.Instrument.Name == "workflow.run.active" && r.Value == 0));
    }

    [Fact]
    public async Task RunAsync_Cancelled_IsCancellation()
    {
        using var fixture = new TrackerFixture();
        using var source = new CancellationTokenSource();
        var body = fixture.Tracker.RunAsync("w", (_, token) => Task.Delay(Timeout.Infinite, token), new() { RunId = "r" }, source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => body);
        Assert.Equal(WorkflowState.Cancelled, fixture.Tracker.GetStatus("r")!.State);
        Assert.Equal(1, fixture.Collect().Count(r => r.Instrument.Name == "workflow.run.active"));
    }

    [Fact]
    public async Task RunAsync_WhoseBodyEndedTheRun_KeepsThatResult()
    {
        using var fixture = new TrackerFixture();
        await fixture.Tracker.RunAsync("w", (run, _) =>
        {
            run.Fail("disk.full");
            return Task.CompletedTask;
        }, new() { RunId = "r" });
        var status = fixture.Tracker.GetStatus("r")!;
        Assert.Equal((WorkflowResult.Failure, "disk.full"), (status.Result, status.ErrorType));
        Assert.Equal(0, fixture.Errors("late_update"));
    }

    [Fact]
    public async Task StageAsync_WhoseBodyThrowsAndIsCaught_FailsTheStageOnly()
    {
        using var fixture = new TrackerFixture();
        await fixture.Tracker.RunAsync("w", async (run, _) =>
        {
            await Assert.ThrowsAsync<FormatException>(() => run.StageAsync("a", (_, _) => throw new FormatException()));
            await run.StageAsync("b", (_, _) => Task.CompletedTask);
        }, new() { RunId = "r" });
        var status = fixture.Tracker.GetStatus("r")!;
        Assert.Equal(WorkflowResult.Success, status.Result);
        Assert.Equal([WorkflowResult.Failure, WorkflowResult.Success], status.Stages.Select(s => s.Result));
    }

    [Fact]
    public async Task StageAsync_AfterTheRunsEnd_StillRunsItsBody()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w");
        run.Complete();
        Assert.Equal(7, await run.StageAsync("s", (stage, _) =>
        {
            stage.CompleteTask();
            return Task.FromResult(7);
        }));
        Assert.Empty(run.GetStatus().Stages);
        Assert.Equal(2, fixture.Errors("late_update"));
    }

    [Fact]
    public void Dispose_WithoutAResult_IsAbandoned()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w");
        using (run)
        using (run.StartStage("s"))
        {
        }

        Assert.Equal(WorkflowState.Abandoned, run.GetStatus().State);
        Assert.Equal(WorkflowResult.Abandoned, run.GetStatus().Stages[0].Result);
    }

    [Fact]
    public async Task RunAsync_NullBody_IsRefused()
    {
        using var fixture = new TrackerFixture();
        await Assert.ThrowsAsync<ArgumentNullException>(() => fixture.Tracker.RunAsync("w", null!));
        await Assert.ThrowsAsync<ArgumentNullException>(() => fixture.Tracker.StartWorkflow("w").StageAsync("s", null!));
        Assert.Single(fixture.Tracker.GetActive());
    }
}
