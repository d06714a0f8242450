using ProgressTelemetry.Demo.Pipelines.Content;
using Xunit;

namespace ProgressTelemetry.Demo.Tests;

public sealed class ContentPipelineTests : IDisposable
{
    private readonly TemporaryFolder _outbox = new();
    private readonly ProgressTracker _tracker = new();

    public static TheoryData<string> Briefs => [.. Brief.All.Select(b => b.Version)];

    public void Dispose()
    {
        _tracker.Dispose();
        _outbox.Dispose();
    }

    [Theory]
    [MemberData(nameof(Briefs))]
    public async Task RunAsync_EachBrief_PublishesWhatItsPlatformsAccept(string version)
    {
        var brief = Brief.All.Single(b => b.Version == version);

        var drafts = await Pipeline().RunAsync(brief, deadline: null, CancellationToken.None);

        Assert.Equal(brief.Platforms, drafts.Select(d => d.Platform));
        Assert.All(drafts, draft =>
        {
            var text = File.ReadAllText(_outbox.PathTo($"{version}-{draft.Name}.txt"));
            Assert.InRange(text.Length, 1, draft.Platform.MaxLength);
            Assert.Contains(brief.Link, text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task RunAsync_DraftsSentBack_ShowAsRevisionsAttemptsWaitAndItems()
    {
        var brief = Brief.All[0];

        await Pipeline().RunAsync(brief, deadline: null, CancellationToken.None);

        var status = Assert.Single(_tracker.GetRecentlyEnded());
        Assert.Equal((WorkflowState.Succeeded, brief.Version), (status.State, status.Version));
        Assert.Equal([ContentStages.Engagement, ContentStages.Generation, ContentStages.Review, ContentStages.Approval, ContentStages.Publishing], status.Stages.Select(s => s.Name));
        var generation = status.Stages[1];
        Assert.True(generation.Revisions > 0);
        Assert.Equal(generation.Revisions + 1, generation.Attempts);
        Assert.Equal(brief.Platforms.Count, status.Stages[4].Items["platform"]);
        Assert.True(status.Stages[3].WaitTime > TimeSpan.Zero);
        Assert.All(status.Milestones, m => Assert.NotNull(m.ReachedAt));
        Assert.All(status.Stages, s => Assert.Equal(s.ExpectedTasks, s.CompletedTasks));
    }

    [Fact]
    public async Task RunAsync_OutboxGone_FailsTheRun()
    {
        var pipeline = new ContentPipeline(_tracker, TimeProvider.System, TimeSpan.FromMilliseconds(.1), _outbox.PathTo("gone"));

        await Assert.ThrowsAsync<DirectoryNotFoundException>(() => pipeline.RunAsync(Brief.All[0], deadline: null, CancellationToken.None));

        var status = Assert.Single(_tracker.GetRecentlyEnded());
        Assert.Equal((WorkflowState.Failed, typeof(DirectoryNotFoundException).FullName), (status.State, status.ErrorType));
    }

    [Fact]
    public async Task RunAsync_Cancelled_EndsTheRunAsCancelled()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Pipeline().RunAsync(Brief.All[0], deadline: null, stop.Token));

        Assert.Equal(WorkflowState.Cancelled, Assert.Single(_tracker.GetRecentlyEnded()).State);
    }

    [Fact]
    public void Revise_TooLong_LeavesOutTheLeastImportantFact()
    {
        var brief = Brief.All[0];
        var draft = Reviewer.Review(Writer.Write(brief, Platform.Microblog));
        Assert.Equal(Reviewer.TooLong, draft.Objection);

        var revised = Writer.Revise(brief, draft);

        Assert.Contains(brief.Facts[0], revised.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(brief.Facts[^1], revised.Text, StringComparison.Ordinal);
    }

    private ContentPipeline Pipeline() => new(_tracker, TimeProvider.System, TimeSpan.FromMilliseconds(.1), _outbox.Path);
}
