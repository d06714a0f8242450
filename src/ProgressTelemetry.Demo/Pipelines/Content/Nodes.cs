namespace ProgressTelemetry.Demo.Pipelines.Content;

/// <summary>The engagement manager: decides from the brief where to publish.</summary>
internal sealed class EngagementNode(StageWork work) : Node<Brief, IReadOnlyList<Platform>>
{
    private const double SecondsEach = 2;

    protected override Brief Prep(ContentStore store) => store.Brief;

    protected override Task<IReadOnlyList<Platform>> ExecAsync(Brief input, CancellationToken cancellationToken) =>
        work.ForEachAsync("engage", 0, input.Platforms, SecondsEach, platform => platform, cancellationToken);

    protected override string Post(ContentStore store, IReadOnlyList<Platform> output)
    {
        store.Platforms = output.Select(p => p.Name);
        store.Drafts = [.. output.Select(p => new Draft(p, "", 0))];
        store.CurrentStage = ContentStages.Generation;
        return Flow.Default;
    }
}

/// <summary>Writes a draft for each platform, or, sent back by the review, those that it objected to again.</summary>
internal sealed class GenerationNode(StageWork work) : Node<(Brief Brief, IReadOnlyList<Draft> Drafts, int Round), IReadOnlyList<Draft>>
{
    private const double SecondsEach = 4;

    protected override (Brief Brief, IReadOnlyList<Draft> Drafts, int Round) Prep(ContentStore store) => (store.Brief, store.Drafts, store.Revisions);

    protected override async Task<IReadOnlyList<Draft>> ExecAsync((Brief Brief, IReadOnlyList<Draft> Drafts, int Round) input, CancellationToken cancellationToken)
    {
        var due = input.Drafts.Where(d => input.Round == 0 || d.Objection is not null);
        var written = await work.ForEachAsync("draft", input.Round, due, SecondsEach, draft => input.Round == 0 ? Writer.Write(input.Brief, draft.Platform) : Writer.Revise(input.Brief, draft), cancellationToken);
        return [.. input.Drafts.Select(d => written.FirstOrDefault(w => w.Platform == d.Platform) ?? d)];
    }

    protected override string Post(ContentStore store, IReadOnlyList<Draft> output)
    {
        store.Drafts = output;
        store.CurrentStage = ContentStages.Review;
        return Flow.Default;
    }
}

/// <summary>Reviews every draft; what isn't good goes back.</summary>
internal sealed class ReviewNode(StageWork work) : Node<(IReadOnlyList<Draft> Drafts, int Round), IReadOnlyList<Draft>>
{
    public const string Revise = "revise";

    private const double SecondsEach = 2;

    protected override (IReadOnlyList<Draft> Drafts, int Round) Prep(ContentStore store) => (store.Drafts, store.Revisions);

    protected override Task<IReadOnlyList<Draft>> ExecAsync((IReadOnlyList<Draft> Drafts, int Round) input, CancellationToken cancellationToken) =>
        work.ForEachAsync("review", input.Round, input.Drafts, SecondsEach, Reviewer.Review, cancellationToken);

    protected override string Post(ContentStore store, IReadOnlyList<Draft> output)
    {
        store.Drafts = output;
        var objections = output.Where(d => d.Objection is not null).Select(d => $"{d.Name}: {d.Objection}").ToList();
        if (objections.Count == 0)
        {
            store.CurrentStage = ContentStages.Approval;
            return Flow.Default;
        }

        store.Revisions++;
        store.AddVersion($"{store.Brief.Version}-r{store.Revisions}", string.Join("; ", objections));
        store.CurrentStage = ContentStages.Generation;
        return Revise;
    }
}

/// <summary>Somebody has to approve: a declared wait, which is neither progress nor a stall.</summary>
internal sealed class ApprovalNode(StageWork work) : Node<int, int>
{
    private const double Seconds = 12;

    protected override int Prep(ContentStore store) => store.Drafts.Count;

    protected override async Task<int> ExecAsync(int input, CancellationToken cancellationToken)
    {
        await work.WaitForAsync(ContentStages.Approval, Seconds, cancellationToken);
        return input;
    }

    protected override string Post(ContentStore store, int output)
    {
        store.CurrentStage = ContentStages.Publishing;
        return Flow.Default;
    }
}

/// <summary>Publishes each draft: here, a file in the outbox for each platform.</summary>
internal sealed class PublishingNode(StageWork work, string outbox) : Node<(Brief Brief, IReadOnlyList<Draft> Drafts), IReadOnlyList<Draft>>
{
    private const double SecondsEach = 3;

    protected override (Brief Brief, IReadOnlyList<Draft> Drafts) Prep(ContentStore store) => (store.Brief, store.Drafts);

    protected override Task<IReadOnlyList<Draft>> ExecAsync((Brief Brief, IReadOnlyList<Draft> Drafts) input, CancellationToken cancellationToken) =>
        work.ForEachAsync(
            "publish",
            0,
            input.Drafts,
            SecondsEach,
            draft =>
            {
                File.WriteAllText(Path.Combine(outbox, $"{input.Brief.Version}-{draft.Name}.txt"), draft.Text);
                return draft;
            },
            cancellationToken);

    protected override string Post(ContentStore store, IReadOnlyList<Draft> output)
    {
        store.CurrentStage = ContentStages.Completed;
        return Flow.Default;
    }
}
