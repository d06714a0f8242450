using Quartz;

namespace ProgressTelemetry.NativeEngines.Tests.Quartz;

public sealed class QuartzTests : IAsyncLifetime
{
    private QuartzFixture _quartz = null!;

    private EngineFixture Engine => _quartz.Engine;

    public async Task InitializeAsync() => _quartz = await QuartzFixture.MakeAsync();

    public async Task DisposeAsync() => await _quartz.DisposeAsync();

    [Fact]
    public async Task Run_OfContinuations_IsPlannedBeforeTheyRunAndFollowsThePercent()
    {
        await _quartz.ScheduleAsync("extract", null, ("percent", 25));
        await _quartz.ScheduleAsync("load-1", After("extract"));
        await _quartz.ScheduleAsync("load-2", After("extract"));
        await _quartz.ScheduleAsync("report", After("load-1"));
        await _quartz.ScheduleAsync("clean-up", After("extract", ContinuationCondition.OnFailure));
        Assert.Empty(Engine.Tracker.GetActive());

        await _quartz.Scheduler.Start();
        await Engine.Gate("extract").Reached;
        var run = await _quartz.RunOfAsync("etl.extract");
        var status = await Engine.StatusAsync(run, s => s.Stages[0].CompletionRatio > 0);
        Assert.Equal(0.25, status.Stages[0].CompletionRatio);
        Assert.Equal(
            "Running: etl.extract Running 0/1, etl.load-1 Pending 0/1, etl.load-2 Pending 0/1, etl.clean-up Pending 0/1, etl.report Pending 0/1",
            EngineFixture.Text(status));
        Assert.Equal(0.05, status.CompletionRatio!.Value, tolerance: 0.001);

        Engine.Gate("extract").Open();
        await Task.WhenAll(Engine.Gate("load-1").Reached, Engine.Gate("load-2").Reached);
        Assert.Equal(
            "Running: etl.extract Succeeded 1/1, etl.load-1 Running 0/1, etl.load-2 Running 0/1, etl.clean-up Succeeded 1/1, etl.report Pending 0/1",
            EngineFixture.Text(Engine.Tracker.GetStatus(run)));
        Engine.Advance(3);
        Engine.Gate("load-1").Open();
        await Engine.Gate("report").Reached;
        Engine.Gate("report").Open();
        Engine.Gate("load-2").Open();

        var final = await Engine.StatusAsync(run, s => s.Result is not null);
        Assert.Equal((WorkflowResult.Success, 5L, 1L), (final.Result!.Value, final.CompletedTasks, final.Stages[3].SkippedTasks));
        Assert.Equal(3, final.Elapsed.TotalSeconds, tolerance: 0.01);
        Assert.Equal(7, final.Stages[0].Items["record"]);
        Assert.Empty(Engine.Errors);
        Assert.Empty(Engine.Tracker.GetActive());
    }

    [Fact]
    public async Task Run_WithARetry_IsOneRunThatWaitsMeanwhile()
    {
        await _quartz.ScheduleAsync("flaky", t => t.StartNow().WithRetryPolicy(RetryPolicy.Fixed(1, TimeSpan.FromMilliseconds(500))), ("failures", 1));
        await _quartz.Scheduler.Start();
        Engine.Gate("flaky").Open();
        var run = await _quartz.RunOfAsync("etl.flaky");
        var waiting = await Engine.StatusAsync(run, s => s.State == WorkflowState.Waiting);
        Assert.Equal((1L, 0L), (waiting.Stages[0].FailedAttempts, waiting.CompletedTasks));

        await Engine.Gate("flaky 2").Reached;
        Assert.Equal("Running: etl.flaky Running 0/1", EngineFixture.Text(Engine.Tracker.GetStatus(run)));
        Engine.Gate("flaky 2").Open();

        var final = await Engine.StatusAsync(run, s => s.Result is not null);
        Assert.Equal("Succeeded: etl.flaky Succeeded 1/1", EngineFixture.Text(final));
        Assert.Equal(["run etl.flaky started", "etl.flaky started", "etl.flaky ended Success", "run etl.flaky ended Success"], await Engine.HeardAsync(run));
        Assert.Empty(Engine.Errors);
    }

    [Fact]
    public async Task Run_WhoseJobFailsForGood_FailsAndRunsWhatFollowsAFailure()
    {
        await _quartz.ScheduleAsync("bad", null, ("failures", 1));
        await _quartz.ScheduleAsync("publish", After("bad"));
        await _quartz.ScheduleAsync("announce", After("publish"));
        await _quartz.ScheduleAsync("clean-up", After("bad", ContinuationCondition.OnFailure));
        await _quartz.Scheduler.Start();
        Engine.Gate("bad").Open();
        await Engine.Gate("clean-up").Reached;
        var run = await _quartz.RunOfAsync("etl.bad");
        Assert.Equal(WorkflowState.Running, Engine.Tracker.GetStatus(run)!.State);
        Engine.Gate("clean-up").Open();

        var final = await Engine.StatusAsync(run, s => s.Result is not null);
        Assert.Equal((WorkflowResult.Failure, "System.FormatException"), (final.Result, final.ErrorType));
        Assert.Equal(["etl.bad", "etl.clean-up"], final.Stages.Where(s => s.StartedAt is not null).Select(s => s.Name).Order(StringComparer.Ordinal));
        Assert.Equal((2L, 4L), (final.CompletedTasks, final.ExpectedTasks!.Value));
    }

    [Fact]
    public async Task Run_WhoseContinuationIsUnscheduled_EndsWithoutIt()
    {
        await _quartz.ScheduleAsync("first");
        await _quartz.ScheduleAsync("later", t => t.StartAfter(new TriggerKey("t-first", "etl")).StartAt(DateTimeOffset.UtcNow.AddDays(1)));
        await _quartz.Scheduler.Start();
        Engine.Gate("first").Open();
        var run = await _quartz.RunOfAsync("etl.first");
        await Engine.StatusAsync(run, s => s.Stages[0].State == WorkflowState.Succeeded);
        Assert.Null(Engine.Tracker.GetStatus(run)!.Result);

        await _quartz.Scheduler.UnscheduleJob(new TriggerKey("t-later", "etl"));
        Assert.Equal(WorkflowResult.Success, Engine.Tracker.GetStatus(run)!.Result);
    }

    [Fact]
    public async Task Run_OfJobsNamedByIds_IsOfOneWorkflow()
    {
        await _quartz.ScheduleAsync($"import-{Guid.NewGuid()}");
        await _quartz.Scheduler.Start();
        Assert.NotEmpty(await _quartz.RunOfAsync("etl.import"));
    }

    [Fact]
    public async Task Job_WhoseTrackingFails_RunsAllTheSame()
    {
        Engine.Clock.Fails = true;
        await _quartz.ScheduleAsync("first");
        await _quartz.Scheduler.Start();
        await Engine.Gate("first").Reached;
        Engine.Gate("first").Open();
        await Eventually.TrueAsync(() => !_quartz.Scheduler.Exists(new TriggerKey("t-first", "etl")).AsTask().GetAwaiter().GetResult(), () => "the trigger is there");
        Engine.Clock.Fails = false;

        Assert.Contains(Engine.Errors, error => error.Contains("Quartz failed", StringComparison.Ordinal) && error.Contains("the clock is broken", StringComparison.Ordinal));
        Assert.Empty(Engine.Tracker.GetActive());
    }

    private static Func<TriggerBuilder<Work>, TriggerBuilder<Work>> After(string job, ContinuationCondition when = ContinuationCondition.OnSuccess) =>
        trigger => trigger.StartAfter(new TriggerKey($"t-{job}", "etl"), when);
}
