using ProgressTelemetry.Replay.Formats;
using Xunit;
using static ProgressTelemetry.Replay.TraceEventKind;

namespace ProgressTelemetry.Replay.Tests.Formats;

public sealed class ArgoFormatTests
{
    private const string Run = "release-x7k2p";

    [Fact]
    public void Read_DagWithRetryLoopSkipAndSuspend_MakesTasksOfWhatWorks()
    {
        var trace = Recorded.Read("argo.json");

        Assert.Equal([("checkout", 1L), ("build", 1L), ("lint", 1L), ("test", 2L), ("approve", 1L), ("deploy", 1L)], trace.Plan());
        Assert.Equal([(Start, 30), (Retry, 100), (Start, 105), (Complete, 248)], trace.Of("build", Run + ".build"));
        Assert.Equal([(Skip, 30)], trace.Of("lint", Run + ".lint"));
        Assert.Equal([(Start, 420), (Wait, 420), (Resume, 780), (Complete, 780)], trace.Of("approve", Run + ".approve"));
        Assert.Equal(["checkout", "build test", "build lint", "approve"], [string.Join(' ', trace.Stages[1].DependsOn), "build test", "build lint", string.Join(' ', trace.Stages[5].DependsOn)]);
        Assert.Equal(["build", "lint"], trace.Stages[3].DependsOn.Order(StringComparer.Ordinal));
        Assert.Equal(("release", WorkflowResult.Success, 868), (trace.Name, trace.Result, trace.Duration));
    }

    [Fact]
    public void Read_YamlOfStepsThatFailed_LeavesOpenWhatItDidNotComeTo()
    {
        var trace = Recorded.Read("argo-steps.yaml");

        Assert.Equal([("extract", 1L), ("load", 1L), ("publish", 1L)], trace.Plan());
        Assert.Equal([(Start, 301), (Fail, 543)], trace.Of("load", "nightly-7qd2w[1].load"));
        Assert.Empty(trace.Of("publish", "nightly-7qd2w[1].publish"));
        Assert.Equal(["extract"], trace.Stages[1].DependsOn);
        Assert.Equal(("nightly", WorkflowResult.Failure, 3), (trace.Name, trace.Result, trace.Tasks));
    }

    [Fact]
    public void Read_StatusAloneOfARunningSuspend_WaitsWithoutEnd()
    {
        var trace = Recorded.Parse("""
            { "phase": "Running", "startedAt": "2026-01-01T00:00:00Z", "finishedAt": null, "nodes": {
              "w": { "id": "w", "name": "w", "displayName": "w", "type": "DAG", "phase": "Running", "startedAt": "2026-01-01T00:00:00Z", "children": ["a"] },
              "a": { "id": "a", "name": "w.gate", "displayName": "gate", "type": "Suspend", "phase": "Running", "startedAt": "2026-01-01T00:00:05Z", "finishedAt": "0001-01-01T00:00:00Z" } } }
            """);

        Assert.Equal([(Start, 5), (Wait, 5)], trace.Of("gate", "w.gate"));
        Assert.Equal((1, null), (trace.UnfinishedTasks, trace.Result));
    }

    [Fact]
    public void Read_RetryAroundADag_JoinsTheTasksWithin()
    {
        static string Node(string id, string name, string type, string phase, int from, int to, string children) =>
            $$"""  "{{id}}": { "id": "{{id}}", "name": "{{name}}", "displayName": "{{name[(name.LastIndexOf('.') + 1)..]}}", "type": "{{type}}", "phase": "{{phase}}", "startedAt": "2026-01-01T00:00:{{from:00}}Z", "finishedAt": "2026-01-01T00:00:{{to:00}}Z", "children": [{{children}}] }""";
        var trace = Recorded.Parse("{ \"status\": { \"phase\": \"Succeeded\", \"nodes\": {" + string.Join(
            ',',
            Node("r", "w", "Retry", "Succeeded", 0, 40, "\"d0\", \"d1\""),
            Node("d0", "w(0)", "DAG", "Failed", 0, 10, "\"p0\""),
            Node("p0", "w(0).work", "Pod", "Failed", 1, 9, ""),
            Node("d1", "w(1)", "DAG", "Succeeded", 11, 40, "\"p1\""),
            Node("p1", "w(1).work", "Pod", "Succeeded", 12, 39, "")) + "} } }");

        Assert.Equal([(Start, 0), (Retry, 8), (Start, 11), (Complete, 38)], trace.Of("work", "w.work"));
    }

    [Theory]
    [InlineData("{ \"kind\": \"Workflow\", \"status\": { \"compressedNodes\": \"H4sI\" } }", null, "compressed")]
    [InlineData("{ \"kind\": \"Workflow\", \"status\": { \"phase\": \"Pending\" } }", null, "no status.nodes")]
    [InlineData("{ \"kind\": \"Workflow\",\n \"status\": ", 2L, "no JSON")]
    [InlineData("kind: Workflow\nstatus: [\n", 3L, "no YAML")]
    [InlineData("kind: Workflow\nstatus: *other\n", 2L, "alias")]
    [InlineData("{ \"nodes\": { } }", null, "no task in it has started")]
    [InlineData("{ \"nodes\": { \"a\": { \"type\": \"Pod\", \"phase\": \"Failed\", \"startedAt\": \"2026-01-01T00:00:00Z\" } } }", null, "no finishedAt")]
    public void Read_Malformed_SaysWhy(string text, long? line, string reason)
    {
        var e = Assert.Throws<TraceFormatException>(() => Recorded.Parse(text, text[0] == '{' ? TraceFormat.Auto : TraceFormat.Argo));

        Assert.Contains(reason, e.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", e.Message, StringComparison.Ordinal);
        Assert.Equal(line, e.Line);
    }
}
