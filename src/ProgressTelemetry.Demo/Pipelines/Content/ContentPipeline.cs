namespace ProgressTelemetry.Demo.Pipelines.Content;

/// <summary>
/// From a brief to published posts, as a flow of nodes over a shared store: engagement manager, content generation, review with revisions sent back, approval, publishing. A task is one platform's turn.
/// </summary>
internal sealed class ContentPipeline(ProgressTracker tracker, TimeProvider time, TimeSpan second, string outbox)
{
    public const string Workflow = "content-pipeline";

    /// <summary>Runs the flow for one brief.</summary>
    /// <returns>The drafts as they were published.</returns>
    /// <exception cref="IOException">A post could not be written.</exception>
    public async Task<IReadOnlyList<Draft>> RunAsync(Brief brief, DateTimeOffset? deadline, CancellationToken cancellationToken)
    {
        var shared = ContentStore.For(brief);
        var progress = new ProgressTrackerNode(tracker, Workflow, _ => RunOptions(brief, deadline));
        try
        {
            await RunFlowAsync(progress, shared, cancellationToken);
            return new ContentStore(shared).Drafts;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            progress.EndRun(shared, WorkflowResult.Cancellation);
            throw;
        }
        catch (Exception e)
        {
            progress.EndRun(shared, WorkflowResult.Failure, e.GetType().FullName);
            throw;
        }
    }

    private static WorkflowRunOptions RunOptions(Brief brief, DateTimeOffset? deadline) => new()
    {
        Version = brief.Version,
        Deadline = deadline,
        Milestones = [new("drafted", .4), new("approved", .7), new("published", 1)],
        Stages =
        [
            new(ContentStages.Engagement, brief.Platforms.Count),
            new(ContentStages.Generation, brief.Platforms.Count, [ContentStages.Engagement]),
            new(ContentStages.Review, brief.Platforms.Count, [ContentStages.Generation]),
            new(ContentStages.Approval, 1, [ContentStages.Review]),
            new(ContentStages.Publishing, brief.Platforms.Count, [ContentStages.Approval]),
        ],
    };

    private Task RunFlowAsync(ProgressTrackerNode progress, Dictionary<string, object?> shared, CancellationToken cancellationToken)
    {
        var work = new StageWork(() => progress.FindStage(shared)!, time, second);
        var engagement = new EngagementNode(work);
        var generation = new GenerationNode(work);
        var review = new ReviewNode(work);
        var approval = new ApprovalNode(work);
        var publishing = new PublishingNode(work, outbox);

        // The tracker's node stands after each of the others.
        return new Flow(afterEach: store => progress.Run(store))
            .Way(engagement, Flow.Default, generation)
            .Way(generation, Flow.Default, review)
            .Way(review, ReviewNode.Revise, generation)
            .Way(review, Flow.Default, approval)
            .Way(approval, Flow.Default, publishing)
            .RunAsync(engagement, shared, cancellationToken);
    }
}
