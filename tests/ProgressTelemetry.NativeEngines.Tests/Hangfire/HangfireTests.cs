using Hangfire;
using Hangfire.States;

namespace ProgressTelemetry.NativeEngines.Tests.Hangfire;

[Collection(HangfireCollection.Name)]
public sealed class HangfireTests : IDisposable
{
    private readonly HangfireFixture _hangfire = new();

    private EngineFixture Engine => _hangfire.Engine;

    private string Test => _hangfire.Engine.Test;

    [Fact]
    public async Task Run_OfContinuations_IsPlannedBeforeTheyRunAndEndsWithTheLast()
    {
        var root = _hangfire.Client.Enqueue(() => Etl.PrepareAsync(Test));
        await Engine.Gate("prepare").Reached;
        var loads = new[] { "a", "b" }.Select(part => _hangfire.Client.ContinueJobWith(root, () => Etl.LoadAsync(Test, part))).ToList();
        _hangfire.Client.ContinueJobWith(loads[0], () => Etl.Report(Test));

        Assert.Equal("Running: Etl.PrepareAsync Running 0/1, Etl.LoadAsync Pending 0/1, Etl.Report Pending 0/1", EngineFixture.Text(Engine.Tracker.GetStatus(root)));
        Assert.Equal(4, Engine.Tracker.GetStatus(root)!.ExpectedTasks);

        Engine.Gate("prepare").Open();
        await Task.WhenAll(Engine.Gate("load a").Reached, Engine.Gate("load b").Reached);
        await Engine.StatusAsync(root, s => EngineFixture.Text(s) == "Running: Etl.PrepareAsync Succeeded 1/1, Etl.LoadAsync Running 0/2, Etl.Report Pending 0/1");
        Engine.Gate("load b").Open();
        await Engine.StatusAsync(root, s => EngineFixture.Text(s) == "Running: Etl.PrepareAsync Succeeded 1/1, Etl.LoadAsync Running 1/2, Etl.Report Pending 0/1");
        Engine.Advance(3);
        Engine.Gate("load a").Open();
        await Engine.StatusAsync(root, s => s.Stages[2].State == WorkflowState.Succeeded);

        var final = await Engine.EndAsync(root);
        Assert.Equal("Succeeded: Etl.PrepareAsync Succeeded 1/1, Etl.LoadAsync Succeeded 2/2, Etl.Report Succeeded 1/1", EngineFixture.Text(final));
        Assert.Equal("Etl.PrepareAsync", final.Workflow);
        Assert.Equal(3, final.Elapsed.TotalSeconds, tolerance: 0.01);

        // Hangfire may give a continuation to another worker before this one has told that its own job is over.
        var heard = await Engine.HeardAsync(root);
        Assert.Equal(("run Etl.PrepareAsync started", "run Etl.PrepareAsync ended Success"), (heard[0], heard[^1]));
        Assert.Equal(
            ["Etl.LoadAsync ended Success", "Etl.LoadAsync started", "Etl.PrepareAsync ended Success", "Etl.PrepareAsync started", "Etl.Report ended Success", "Etl.Report started"],
            heard.Skip(1).SkipLast(1).Order(StringComparer.Ordinal));
        Assert.Empty(Engine.Errors);
    }

    [Fact]
    public async Task Run_OfContinuationsThatWereThereBefore_IsPlannedFromTheStorage()
    {
        var root = _hangfire.Client.Create(() => Etl.PrepareAsync(Test), new ScheduledState(TimeSpan.FromDays(1)));
        var load = _hangfire.Client.ContinueJobWith(root, () => Etl.LoadAsync(Test, "a"));
        _hangfire.Client.ContinueJobWith(load, () => Etl.Report(Test));
        Assert.Null(Engine.Tracker.GetStatus(root));

        _hangfire.Client.Requeue(root);
        await Engine.Gate("prepare").Reached;
        Assert.Equal("Running: Etl.PrepareAsync Running 0/1, Etl.LoadAsync Pending 0/1, Etl.Report Pending 0/1", EngineFixture.Text(Engine.Tracker.GetStatus(root)));

        Engine.Gate("prepare").Open();
        Engine.Gate("load a").Open();
        Assert.Equal(WorkflowResult.Success, (await Engine.EndAsync(root)).Result);
    }

    [Fact]
    public async Task Run_WithARetry_WaitsMeanwhileAndCountsTheTaskOnce()
    {
        var job = _hangfire.Client.Enqueue(() => Etl.FlakyAsync(Test, 1, CancellationToken.None));
        Engine.Gate("attempt 1").Open();
        var waiting = await Engine.StatusAsync(job, s => s.State == WorkflowState.Waiting);
        Assert.Equal("Waiting: Etl.FlakyAsync Waiting 0/1", EngineFixture.Text(waiting));
        Assert.Equal(1, waiting.Stages[0].FailedAttempts);

        await Engine.Gate("attempt 2").Reached;
        Assert.Equal(WorkflowState.Running, Engine.Tracker.GetStatus(job)!.State);
        Engine.Gate("attempt 2").Open();

        var final = await Engine.EndAsync(job);
        Assert.Equal("Succeeded: Etl.FlakyAsync Succeeded 1/1", EngineFixture.Text(final));
        Assert.Equal((0, 1), (final.Stages[0].FailedTasks, final.Stages[0].FailedAttempts));
        Assert.Empty(Engine.Errors);
    }

    [Fact]
    public async Task Run_WhoseJobFailsForGood_FailsAndDoesNotWaitForItsContinuations()
    {
        var job = _hangfire.Client.Enqueue(() => Etl.FlakyAsync(Test, 9, CancellationToken.None));
        await Engine.Gate("attempt 1").Reached;
        _hangfire.Client.ContinueJobWith(job, () => Etl.Report(Test));
        Engine.Gate("attempt 1").Open();
        await Engine.Gate("attempt 2").Reached;
        Engine.Gate("attempt 2").Open();

        var final = await Engine.EndAsync(job);
        Assert.Equal((WorkflowResult.Failure, "System.FormatException"), (final.Result, final.ErrorType));
        Assert.Equal((1L, 1L, 2L), (final.Stages[0].FailedTasks, final.CompletedTasks, final.ExpectedTasks!.Value));
        Assert.Equal(WorkflowState.Failed, final.Stages[0].State);
        Assert.Null(final.Stages[1].StartedAt);
    }

    [Fact]
    public async Task Run_WhoseJobIsDeletedWhileItRuns_IsCancelled()
    {
        var job = _hangfire.Client.Enqueue(() => Etl.FlakyAsync(Test, 0, CancellationToken.None));
        await Engine.Gate("attempt 1").Reached;
        _hangfire.Client.Delete(job);

        var final = await Engine.EndAsync(job);
        Assert.Equal((WorkflowResult.Cancellation, 0L), (final.Result, final.CompletedTasks));
    }

    [Fact]
    public async Task Run_OfARecurringJob_IsOfAWorkflowOfItsName()
    {
        var recurring = new RecurringJobManager(_hangfire.Storage);
        recurring.AddOrUpdate("nightly-import", () => Etl.PrepareAsync(Test), Cron.Never());
        var job = recurring.TriggerJob("nightly-import");
        Engine.Gate("prepare").Open();

        Assert.Equal("nightly-import", (await Engine.EndAsync(job)).Workflow);
    }

    [Fact]
    public async Task Job_WhileItRuns_HasItsStageCurrent()
    {
        var job = _hangfire.Client.Enqueue(() => Etl.Detailed(Test));

        Assert.Equal(7, (await Engine.EndAsync(job)).Stages[0].Items["record"]);
        Assert.Null(WorkflowStage.Current);
    }

    [Fact]
    public async Task Job_WhoseTrackingFails_RunsAllTheSame()
    {
        Engine.Clock.Fails = true;
        var job = _hangfire.Client.Enqueue(() => Etl.PrepareAsync(Test));
        Engine.Gate("prepare").Open();
        using var connection = _hangfire.Storage.GetConnection();
        await Eventually.TrueAsync(() => connection.GetJobData(job)?.State == SucceededState.StateName, () => $"the job is {connection.GetJobData(job)?.State}");
        Engine.Clock.Fails = false;

        Assert.Contains(Engine.Errors, error => error.Contains("Hangfire failed", StringComparison.Ordinal) && error.Contains("the clock is broken", StringComparison.Ordinal));
        Assert.Null(Engine.Tracker.GetStatus(job));
    }

    [Fact]
    public async Task Workflow_ThatStartsInAJob_IsItsChild()
    {
        Array.ForEach(["draft", "text", "pictures", "publish"], name => Engine.Gate(name).Open());
        WithAgents.Tracker = Engine.Tracker;
        var job = _hangfire.Client.Enqueue(() => WithAgents.RunAsync(Test));

        Assert.Equal(WorkflowResult.Success, (await Engine.EndAsync(job)).Result);
        var agents = await Engine.StatusAsync(Test, _ => true);
        Assert.Equal((job, "report", WorkflowResult.Success), (agents.ParentRunId, agents.Workflow, agents.Result!.Value));
    }

    [Fact]
    public void UseProgressTelemetry_Twice_AddsOneFilter()
    {
        var before = GlobalJobFilters.Filters.Count;
        GlobalConfiguration.Configuration.UseProgressTelemetry(Engine.Tracker);
        Assert.Equal(before, GlobalJobFilters.Filters.Count);
    }

    public void Dispose() => _hangfire.Dispose();
}
