using ProgressTelemetry.Replay.Play;
using ProgressTelemetry.Replay.Tests.Formats;
using Xunit;

namespace ProgressTelemetry.Replay.Tests.Play;

/// <summary>What engines export, through the tracker.</summary>
public sealed class ConvertedFilesTests
{
    [Theory]
    [InlineData("nextflow-default.txt", WorkflowState.Succeeded, 5, 5, 1)]
    [InlineData("nextflow-raw.txt", WorkflowState.Failed, 4, 5, null)]
    [InlineData("argo.json", WorkflowState.Succeeded, 7, 7, 1)]
    [InlineData("argo-steps.yaml", WorkflowState.Failed, 2, 3, null)]
    [InlineData("github.json", WorkflowState.Succeeded, 4, 4, 1)]
    [InlineData("jenkins.json", WorkflowState.Succeeded, 4, 4, 1)]
    [InlineData("jenkins-paused.json", WorkflowState.Abandoned, 2, 3, null)]
    public async Task ReplayAsync_ExportedRun_EndsAsItDidWithoutAStall(string file, WorkflowState state, long completed, long expected, int? ratio)
    {
        var session = new ReplaySession(Recorded.Read(file), [], workflow: null, speed: null);
        var listener = new StallCount();
        WorkflowStatus status;
        using (var tracker = new ProgressTracker(session.Configure(new ProgressTrackingOptions()), session.Clock, listeners: [listener]))
        {
            var run = session.Start(tracker);
            await session.ReplayAsync(run, CancellationToken.None);
            status = run.GetStatus();
        }

        Assert.Equal((state, completed, (long?)expected), (status.State, status.CompletedTasks, status.ExpectedTasks));
        Assert.Equal(0, listener.Count);
        Assert.Equal(session.Trace.Duration, status.Elapsed.TotalSeconds, 6);
        if (ratio is { } whole)
        {
            Assert.Equal(whole, status.CompletionRatio);
            Assert.All(status.Milestones, m => Assert.NotNull(m.ReachedAt));
        }
        else
        {
            Assert.InRange(status.CompletionRatio!.Value, 0, .99);
            Assert.Null(status.Milestones[^1].ReachedAt);
        }
    }

    [Theory]
    [InlineData("nextflow-default.txt")]
    [InlineData("argo.json")]
    [InlineData("github.json")]
    [InlineData("jenkins.json")]
    public async Task LearnAsync_ExportedRun_GivesTheNextRunAForecastFromItsStart(string file)
    {
        var trace = Recorded.Read(file);
        var session = new ReplaySession(trace, [trace], workflow: null, speed: null);
        var memory = await session.LearnAsync(CancellationToken.None);
        var learned = memory.GetProfiles(session.Workflow);
        using var tracker = new ProgressTracker(session.Configure(new ProgressTrackingOptions()), session.Clock, history: memory);
        var run = session.Start(tracker);

        await session.ReplayAsync(run, CancellationToken.None);

        Assert.Single(learned);
        Assert.All(session.Predictions, p => Assert.InRange(p.Expected!.Value, .8 * trace.Duration, 1.2 * trace.Duration));
    }
}
