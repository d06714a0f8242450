using ProgressTelemetry.Replay.Formats;
using Xunit;
using static ProgressTelemetry.Replay.TraceEventKind;

namespace ProgressTelemetry.Replay.Tests.Formats;

public sealed class GitHubFormatTests
{
    [Fact]
    public void Read_MatrixAndSecondAttempt_MakesJobsTasksAndJoinsTheirAttempts()
    {
        var trace = Recorded.Read("github.json");

        Assert.Equal([("lint", 1L), ("build", 2L), ("deploy", 1L)], trace.Plan());
        Assert.Equal([(Start, 8), (Complete, 50)], trace.Of("lint", "lint"));
        Assert.Equal([(Start, 12), (Retry, 122), (Start, 1207), (Complete, 1380)], trace.Of("build", "build (ubuntu, 2)"));
        Assert.Equal([(Start, 1390), (Complete, 1440)], trace.Of("deploy", "deploy"));
        Assert.Equal(("CI", WorkflowResult.Success, 4), (trace.Name, trace.Result, trace.Tasks));
        Assert.Contains("needs", Assert.Single(trace.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("success", Complete, WorkflowResult.Success)]
    [InlineData("failure", Fail, WorkflowResult.Failure)]
    [InlineData("timed_out", Fail, WorkflowResult.Failure)]
    [InlineData("cancelled", Cancel, WorkflowResult.Cancellation)]
    [InlineData("skipped", Skip, WorkflowResult.Success)]
    public void Read_Conclusion_IsHowTheJobEnded(string conclusion, TraceEventKind kind, WorkflowResult result)
    {
        var trace = Recorded.Parse($$"""[{ "name": "a", "status": "completed", "conclusion": "{{conclusion}}", "startedAt": "2026-01-01T00:00:00Z", "completedAt": "2026-01-01T00:00:09Z" }]""");

        Assert.Equal((kind, result), (trace.Events[^1].Kind, trace.Result));
    }

    [Fact]
    public void Read_PagesOfARunThatGoesOn_LeavesItOpen()
    {
        var trace = Recorded.Parse("""
            { "total_count": 3, "jobs": [{ "name": "a", "status": "completed", "conclusion": "success", "started_at": "2026-01-01T00:00:00Z", "completed_at": "2026-01-01T00:00:09Z" }] }
            { "total_count": 3, "jobs": [{ "name": "b", "status": "in_progress", "conclusion": null, "started_at": "2026-01-01T00:00:02Z", "completed_at": null }, { "name": "c", "status": "queued", "conclusion": null, "started_at": "2026-01-01T00:00:00Z" }] }
            """);

        Assert.Equal((3, 1, null), (trace.Tasks, trace.UnfinishedTasks, trace.Result));
    }

    [Fact]
    public void Read_TwoJobsOfOneName_AreTwoTasks()
    {
        static string Job(int id, int end) => $$"""{ "id": {{id}}, "name": "test", "run_attempt": 1, "status": "completed", "conclusion": "success", "started_at": "2026-01-01T00:00:00Z", "completed_at": "2026-01-01T00:00:0{{end}}Z" }""";

        var trace = Recorded.Parse($"{{ \"jobs\": [{Job(1, 4)}, {Job(2, 6)}] }}");

        Assert.Equal([("test", 2L)], trace.Plan());
        Assert.DoesNotContain(trace.Events, e => e.Kind == Retry);
    }

    [Theory]
    [InlineData("{ \"jobs\": [] }", "no jobs")]
    [InlineData("{ \"jobs\": [{ \"name\": \"a\", \"conclusion\": \"success\", \"started_at\": \"2026-01-01T00:00:09Z\", \"completed_at\": \"2026-01-01T00:00:01Z\" }] }", "'a' ends 8 s before it starts")]
    [InlineData("{ \"what\": 1 }", "neither the jobs of a GitHub Actions run")]
    [InlineData("[1, 2]", "neither the jobs of a GitHub Actions run")]
    public void Read_Malformed_SaysWhy(string text, string reason)
    {
        Assert.Contains(reason, Assert.Throws<TraceFormatException>(() => Recorded.Parse(text)).Reason, StringComparison.Ordinal);
    }
}
