using System.Diagnostics;
using ProgressTelemetry.Tests.Support;

namespace ProgressTelemetry.Tests.Spans;

public class SpanTreeTests
{
    [Fact]
    public void Run_OfThreeStagesUnderAParent_YieldsTheTreeWithResults()
    {
        using var spans = new SpanRecorder();
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("content", new() { RunId = "r1", Version = "v7", ExpectedTasks = 6, Tags = [new("tenant", "acme")] });
        var draft = run.StartStage("draft", 3);
        draft.CompleteTasks(3);
        fixture.Advance(10);
        draft.Complete();
        var review = run.StartStage("review", 2);
        review.CompleteTask();
        review.FailTask();
        review.RecordRevision("typos", "2");
        fixture.Advance(5);
        review.Fail("quality");
        run.StartStage("publish").Skip();
        run.Complete();

        var root = spans.One("run content");
        Assert.Equal(spans.Parent.SpanId, root.ParentSpanId);
        Assert.Equal(ActivityKind.Internal, root.Kind);
        Assert.Equal(TimeSpan.FromSeconds(15), root.Duration);
        Assert.Equal(ActivityStatusCode.Unset, root.Status);
        AssertTags(root, ("workflow.name", "content"), ("workflow.run.id", "r1"), ("workflow.version", "v7"), ("tenant", "acme"), ("workflow.run.result", "success"),
            ("workflow.run.tasks.completed", 6L), ("workflow.run.tasks.expected", 6L), ("workflow.run.revisions", 1L));
        foreach (var name in (string[])["stage draft", "stage review", "stage publish", "run content started"])
        {
            Assert.Equal(root.SpanId, spans.One(name).ParentSpanId);
            Assert.Equal(ActivityKind.Internal, spans.One(name).Kind);
        }

        AssertTags(spans.One("stage draft"), ("workflow.name", "content"), ("workflow.run.id", "r1"), ("workflow.stage.name", "draft"), ("workflow.stage.index", "01"),
            ("workflow.stage.result", "success"), ("workflow.stage.tasks.completed", 3L), ("workflow.stage.tasks.expected", 3L), ("workflow.stage.revisions", 0L), ("workflow.stage.attempt", 1));
        AssertTags(spans.One("stage review"), ("workflow.stage.index", "02"), ("workflow.stage.result", "failure"), ("workflow.stage.tasks.completed", 2L), ("workflow.stage.revisions", 1L), ("error.type", "quality"));
        Assert.Equal(ActivityStatusCode.Error, spans.One("stage review").Status);
        Assert.Equal(TimeSpan.FromSeconds(10), spans.One("stage draft").Duration);
        Assert.Equal(fixture.Tracker.UtcNow.UtcDateTime - TimeSpan.FromSeconds(5), spans.One("stage review").StartTimeUtc);
        AssertTags(spans.One("stage publish"), ("workflow.stage.result", "skip"));
        Assert.Equal("0.1.0", root.Source.Version);
        Assert.Equal("https://opentelemetry.io/schemas/1.44.0", root.Source.TelemetrySchemaUrl);
    }

    [Fact]
    public void StartWorkflow_BeforeItsEnd_HasSentAZeroLengthSpan()
    {
        using var spans = new SpanRecorder();
        using var fixture = new TrackerFixture();
        using var run = fixture.Tracker.StartWorkflow("w", new() { RunId = "r2" });
        fixture.Advance(100);

        var started = spans.One("run w started");
        Assert.Equal(run.Activity!.SpanId, started.ParentSpanId);
        Assert.True(started.Duration <= TimeSpan.FromTicks(1), started.Duration.ToString());
        AssertTags(started, ("workflow.run.id", "r2"), ("workflow.name", "w"));
        Assert.DoesNotContain(spans.Ended, span => span.DisplayName == "run w");
    }

    [Fact]
    public void StartStage_Again_IsANewSpan()
    {
        using var spans = new SpanRecorder();
        using var fixture = new TrackerFixture();
        using var run = fixture.Tracker.StartWorkflow("w");
        run.StartStage("s").Fail("first");
        run.StartStage("s").Complete();

        var attempts = spans.Ended.Where(s => s.DisplayName == "stage s").ToArray();
        Assert.Equal(["failure", "success"], attempts.Select(a => a.GetTagItem("workflow.stage.result")));
        Assert.Equal([1, 2], attempts.Select(a => a.GetTagItem("workflow.stage.attempt")));
        Assert.Equal(["01", "01"], attempts.Select(a => a.GetTagItem("workflow.stage.index")));
        Assert.NotEqual(attempts[0].SpanId, attempts[1].SpanId);
    }

    [Theory]
    [InlineData(WorkflowResult.Success, "success", false)]
    [InlineData(WorkflowResult.Failure, "failure", true)]
    [InlineData(WorkflowResult.Error, "error", true)]
    [InlineData(WorkflowResult.Timeout, "timeout", true)]
    [InlineData(WorkflowResult.Cancellation, "cancellation", false)]
    [InlineData(WorkflowResult.Skip, "skip", false)]
    [InlineData(WorkflowResult.Abandoned, "abandoned", false)]
    public void End_WithAResult_SetsStatusAndErrorType(WorkflowResult result, string name, bool isError)
    {
        using var spans = new SpanRecorder();
        using var fixture = new TrackerFixture();
        fixture.Tracker.StartWorkflow("w").End(result, isError ? "disk.full" : null);

        var span = spans.One("run w");
        AssertTags(span, ("workflow.run.result", name));
        Assert.Equal(isError ? ActivityStatusCode.Error : ActivityStatusCode.Unset, span.Status);
        Assert.Equal(isError ? "disk.full" : null, span.GetTagItem("error.type"));
    }

    [Fact]
    public void End_WithOpenStages_EndsTheirSpansFirstWithTheSameResult()
    {
        using var spans = new SpanRecorder();
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w");
        run.StartStage("a");
        run.Fail(new TimeoutException());

        AssertTags(spans.One("stage a"), ("workflow.stage.result", "timeout"), ("error.type", "System.TimeoutException"));
        AssertTags(spans.One("run w"), ("workflow.run.result", "timeout"), ("error.type", "System.TimeoutException"));
        Assert.Equal(["run w started", "stage a", "run w"], spans.Ended.Select(s => s.DisplayName));
    }

    [Fact]
    public void ParentContext_OfAnotherProcess_IsTheRunsParent()
    {
        using var spans = new SpanRecorder();
        using var fixture = new TrackerFixture();
        var remote = new ActivityContext(spans.Parent.TraceId, ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded, isRemote: true);
        fixture.Tracker.StartWorkflow("w", new() { ParentContext = remote }).Complete();

        Assert.Equal(remote.SpanId, spans.One("run w").ParentSpanId);
    }

    [Fact]
    public void Complete_AfterTheWallClockWentBack_KeepsTheSpansDuration()
    {
        using var spans = new SpanRecorder();
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s");
        fixture.Advance(600);
        fixture.Clock.JumpWallClock(TimeSpan.FromHours(-1));
        fixture.Advance(60);
        stage.Complete();
        run.Complete();

        Assert.Equal(TimeSpan.FromSeconds(660), spans.One("stage s").Duration);
        Assert.Equal(TimeSpan.FromSeconds(660), spans.One("run w").Duration);
    }

    private static void AssertTags(Activity span, params (string Key, object Value)[] expected)
    {
        foreach (var (key, value) in expected)
        {
            Assert.Equal(value, span.GetTagItem(key));
        }
    }
}
