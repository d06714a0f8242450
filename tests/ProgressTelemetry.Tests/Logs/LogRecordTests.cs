using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using ProgressTelemetry.Tests.Support;

namespace ProgressTelemetry.Tests.Logs;

public class LogRecordTests
{
    [Fact]
    public void Records_OfARun_HaveNamesLevelsAndTheRunsTrace()
    {
        using var spans = new SpanRecorder();
        using var fixture = new TrackerFixture(o => o.StallTimeout = TimeSpan.FromSeconds(30));
        var run = fixture.Tracker.StartWorkflow("w", new() { RunId = "r", ExpectedTasks = 2, Milestones = [new("half", .5)] });
        var stage = run.StartStage("s");
        stage.CompleteTask();
        fixture.Advance(40);
        stage.CompleteTask();
        stage.RecordRevision("typos", "2");
        stage.Complete();
        run.Complete();

        AssertRecord(fixture, "workflow.run.started", LogLevel.Debug, run.Activity!.SpanId);
        var milestone = AssertRecord(fixture, "workflow.milestone.reached", LogLevel.Information, run.Activity.SpanId);
        Assert.Equal("half", milestone.GetStructuredStateValue("Milestone"));
        Assert.Equal("r", milestone.GetStructuredStateValue("RunId"));
        AssertRecord(fixture, "workflow.run.stalled", LogLevel.Warning, run.Activity.SpanId);
        AssertRecord(fixture, "workflow.run.resumed", LogLevel.Information, run.Activity.SpanId);
        AssertRecord(fixture, "workflow.stage.revised", LogLevel.Information, stage.Activity!.SpanId);
        AssertRecord(fixture, "workflow.stage.ended", LogLevel.Debug, stage.Activity.SpanId);
        var ended = AssertRecord(fixture, "workflow.run.ended", LogLevel.Information, run.Activity.SpanId);
        Assert.Equal("success", ended.GetStructuredStateValue("Result"));
        Assert.Equal("2", ended.GetStructuredStateValue("CompletedTasks"));
        Assert.All(fixture.Log.Records, record => Assert.Equal(spans.Parent.TraceId.ToHexString(), Scope(record, "TraceId")));
        Assert.All(fixture.Log.Records, record => Assert.Equal("ProgressTelemetry", record.Category));
        Assert.Equal(7, fixture.Log.Records.Count);
    }

    [Theory]
    [InlineData(WorkflowResult.Failure, LogLevel.Warning)]
    [InlineData(WorkflowResult.Timeout, LogLevel.Warning)]
    [InlineData(WorkflowResult.Abandoned, LogLevel.Warning)]
    [InlineData(WorkflowResult.Cancellation, LogLevel.Information)]
    public void RunEnded_LevelFollowsTheResult(WorkflowResult result, LogLevel level)
    {
        using var fixture = new TrackerFixture();
        fixture.Tracker.StartWorkflow("w").End(result);
        Assert.Equal(level, Assert.Single(fixture.Log.Of("workflow.run.ended")).Level);
    }

    [Fact]
    public void Deadline_ForecastLateThenMissed_IsLoggedOnceEach()
    {
        using var fixture = new TrackerFixture(o => o.StallTimeout = TimeSpan.FromHours(1));
        var run = fixture.Tracker.StartWorkflow("w", new() { Deadline = fixture.Tracker.UtcNow.AddSeconds(100) });
        var stage = run.StartStage("s", 100);
        for (var i = 0; i < 20; i++)
        {
            fixture.Advance(10);
            stage.CompleteTask();
        }

        Assert.Equal(LogLevel.Warning, Assert.Single(fixture.Log.Of("workflow.run.deadline.forecast_late")).Level);
        Assert.Equal(LogLevel.Error, Assert.Single(fixture.Log.Of("workflow.run.deadline.missed")).Level);
    }

    [Fact]
    public void Ignored_ManyOfAKind_IsLoggedOnceAndCountedAlways()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s");
        run.Complete();
        for (var i = 0; i < 50; i++)
        {
            stage.CompleteTask();
        }

        stage.AsProgress().Report(double.NaN);
        Assert.Equal(50, fixture.Errors("late_update"));
        Assert.Equal(1, fixture.Errors("progress_invalid"));
        Assert.Equal(["late_update", "progress_invalid"], fixture.Log.Of("progress.tracker.ignored").Select(r => r.GetStructuredStateValue("Kind")));
        Assert.All(fixture.Log.Of("progress.tracker.ignored"), r => Assert.Equal(LogLevel.Warning, r.Level));
    }

    [Fact]
    public void Logger_ThatThrows_DoesNotReachTheWorkAndIsCounted()
    {
        using var fixture = new TrackerFixture();
        fixture.Log.OnRecord = record =>
        {
            if (record.Id.Name != "progress.tracker.ignored")
            {
                throw new InvalidOperationException("the disk is full");
            }
        };
        fixture.Tracker.StartWorkflow("w").Complete();
        Assert.Equal(2, fixture.Errors("publish_failed"));
    }

    [Fact]
    public void Logger_ThatThrowsAlways_DoesNotReachTheWork()
    {
        using var fixture = new TrackerFixture();
        fixture.Log.OnRecord = _ => throw new InvalidOperationException("the disk is full");
        var run = fixture.Tracker.StartWorkflow("w");
        run.Complete();
        run.Complete();
        Assert.Equal(WorkflowResult.Success, run.GetStatus().Result);
        Assert.Equal(1, fixture.Errors("late_update"));
    }

    private static FakeLogRecord AssertRecord(TrackerFixture fixture, string name, LogLevel level, ActivitySpanId span)
    {
        var record = Assert.Single(fixture.Log.Of(name));
        Assert.Equal(level, record.Level);
        Assert.Equal(span.ToHexString(), Scope(record, "SpanId"));
        return record;
    }

    private static string? Scope(FakeLogRecord record, string key) =>
        record.Scopes.OfType<IEnumerable<KeyValuePair<string, object?>>>().SelectMany(scope => scope).Single(pair => pair.Key == key).Value?.ToString();
}
