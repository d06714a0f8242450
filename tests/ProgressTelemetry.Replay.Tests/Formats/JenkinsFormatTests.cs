using ProgressTelemetry.Replay.Formats;
using Xunit;
using static ProgressTelemetry.Replay.TraceEventKind;

namespace ProgressTelemetry.Replay.Tests.Formats;

public sealed class JenkinsFormatTests
{
    [Fact]
    public void Read_BuildWithPauseAndSkippedStage_KeepsBoth()
    {
        var trace = Recorded.Read("jenkins.json");

        Assert.Equal([("Checkout", 1L), ("Build", 1L), ("Docs", 1L), ("Deploy", 1L)], trace.Plan());
        Assert.Equal([(Start, 1.5), (Complete, 10)], trace.Of("Checkout", "Checkout #6"));
        Assert.Equal([(Skip, 210)], trace.Of("Docs", "Docs #20"));
        Assert.Equal([(Start, 210.5), (Wait, 210.5), (Resume, 510.5), (Complete, 710.5)], trace.Of("Deploy", "Deploy #27"));
        Assert.Equal(("shop/main", WorkflowResult.Success), (trace.Name, trace.Result));
    }

    [Fact]
    public void Read_BuildThatWaitsForInput_IsOpen()
    {
        var trace = Recorded.Read("jenkins-paused.json");

        Assert.Equal([(Start, 210.5), (Wait, 250)], trace.Of("Deploy", "Deploy #27"));
        Assert.Equal((3, 1, null), (trace.Tasks, trace.UnfinishedTasks, trace.Result));
    }

    [Fact]
    public void Read_FailedBuild_DidNotComeToTheRest()
    {
        var trace = Recorded.Parse("""
            { "status": "FAILED", "startTimeMillis": 1775548800000, "stages": [
              { "id": "6", "name": "Build", "status": "FAILED", "startTimeMillis": 1775548801000, "durationMillis": 9000 },
              { "id": "9", "name": "Deploy", "status": "NOT_EXECUTED", "startTimeMillis": 1775548810000, "durationMillis": 0 }] }
            """);

        Assert.Equal((WorkflowResult.Failure, 2, 2), (trace.Result, trace.Tasks, trace.Events.Count));
        Assert.Equal(["Build", "Deploy"], trace.Stages.Select(s => s.Name));
    }

    [Theory]
    [InlineData("{ \"stages\": [] }", "no stages")]
    [InlineData("[{ \"stages\": [{}] }, { \"stages\": [{}] }]", "2 builds")]
    public void Read_Malformed_SaysWhy(string text, string reason)
    {
        Assert.Contains(reason, Assert.Throws<TraceFormatException>(() => Recorded.Parse(text)).Reason, StringComparison.Ordinal);
    }
}
