using System.Text.Json;

namespace ProgressTelemetry.Notifications.Tests;

/// <summary>What is told, when, and in which form.</summary>
public sealed class NotificationTests
{
    [Theory]
    [InlineData(WorkflowResult.Success, "import 42 has succeeded", "It took 1 min 00 s: 4 of 4 tasks done.")]
    [InlineData(WorkflowResult.Error, "import 42 has failed", "It took 1 min 00 s: 2 of 4 tasks done, 1 of them failed. Error: Shop.Exception.")]
    [InlineData(WorkflowResult.Timeout, "import 42 has run out of time", "It took 1 min 00 s: 2 of 4 tasks done, 1 of them failed. Error: Shop.Exception.")]
    [InlineData(WorkflowResult.Cancellation, "import 42 was cancelled", "It took 1 min 00 s: 2 of 4 tasks done, 1 of them failed.")]
    [InlineData(WorkflowResult.Abandoned, "import 42 stopped before its end", "It took 1 min 00 s: 2 of 4 tasks done, 1 of them failed.")]
    public async Task Ended_HoweverItDid_IsToldOnce(WorkflowResult result, string title, string text)
    {
        using var receiver = new Receiver();
        var run = receiver.Tracker.StartWorkflow("import", Named("42"));
        var stage = run.StartStage("load", 4);
        receiver.Clock.Advance(TimeSpan.FromMinutes(1));
        if (result == WorkflowResult.Success)
        {
            stage.CompleteTasks(4);
        }
        else
        {
            stage.CompleteTask();
            stage.FailTask();
        }

        run.End(result, result == WorkflowResult.Success ? null : "Shop.Exception");
        run.End(result);

        var told = Assert.Single(await receiver.EndAsync());
        Assert.Equal(("ended", title, text), (Text(told, "kind"), Text(told, "title"), Text(told, "text")));
        Assert.Equal("application/json", told.ContentType);
        Assert.Equal((told.Key, "42"), (Text(told, "key"), told.Json.GetProperty("run").GetProperty("runId").GetString()));
        Assert.Equal(60, told.Json.GetProperty("run").GetProperty("elapsedSeconds").GetDouble());
    }

    [Fact]
    public async Task Milestone_Reached_IsToldWithWhatIsAhead()
    {
        using var receiver = new Receiver();
        var run = receiver.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "42", Milestones = [new("half", .5)] });
        var stage = run.StartStage("load", 100);
        foreach (var _ in Enumerable.Range(0, 50))
        {
            receiver.Clock.Advance(TimeSpan.FromSeconds(6));
            stage.CompleteTask();
        }

        var told = Assert.Single(await receiver.EndAsync());

        Assert.Equal(("milestone", "import 42 has reached ‘half’", "half"), (Text(told, "kind"), Text(told, "title"), Text(told, "milestone")));
        Assert.Matches("^50 of 100 tasks done\\. About 5 min left( \\(.*\\))?\\.$", Text(told, "text"));
    }

    [Fact]
    public async Task Stalled_TwiceWithProgressBetween_IsToldTwiceWithTwoKeys()
    {
        using var receiver = new Receiver();
        var run = receiver.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "42", StallTimeout = TimeSpan.FromMinutes(1) });
        var stage = run.StartStage("load", 4);
        receiver.Clock.Advance(TimeSpan.FromMinutes(2));
        await receiver.RequestsAsync(1);
        stage.CompleteTask();
        receiver.Clock.Advance(TimeSpan.FromMinutes(2));

        var told = await receiver.RequestsAsync(2);

        Assert.All(told, one => Assert.Equal(("stalled", "import 42 has stalled"), (Text(one, "kind"), Text(one, "title"))));
        Assert.Matches("^Nothing has moved for 1 min 0[0-9] s\\. 0 of 4 tasks done\\. It is in ‘load’\\.$", Text(told[0], "text"));
        Assert.NotEqual(told[0].Key, told[1].Key);
        Assert.Equal(2, (await receiver.EndAsync()).Length);
    }

    [Fact]
    public async Task DeadlineMissed_RunGoesOn_IsToldOnce()
    {
        using var receiver = new Receiver();
        var run = receiver.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "42", Deadline = receiver.Clock.GetUtcNow() + TimeSpan.FromMinutes(1), StallTimeout = TimeSpan.FromHours(1) });
        run.StartStage("load", 4);
        receiver.Clock.Advance(TimeSpan.FromMinutes(5));

        var told = Assert.Single(await receiver.EndAsync());

        Assert.Equal(("deadlineMissed", "import 42 has missed its deadline"), (Text(told, "kind"), Text(told, "title")));
        Assert.Matches("^It was 2026-01-01 00:01:00 UTC\\. 0 of 4 tasks done\\.( About .* left.*\\.)? It is in ‘load’\\.$", Text(told, "text"));
    }

    [Fact]
    public async Task Kinds_AndRuns_NotAskedFor_AreNotTold()
    {
        using var receiver = new Receiver(kinds: ProgressNotificationKinds.Ended, when: run => run.State != WorkflowState.Succeeded);
        receiver.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "good", Milestones = [new("half", .5)] }).Complete();
        receiver.Tracker.StartWorkflow("import", Named("bad")).Fail();

        Assert.Equal("import bad has failed", Text(Assert.Single(await receiver.EndAsync()), "title"));
    }

    [Fact]
    public async Task Key_OfARunStartedAnew_IsAnother()
    {
        using var receiver = new Receiver();
        receiver.Tracker.StartWorkflow("import", Named("42")).Complete();
        receiver.Clock.Advance(TimeSpan.FromSeconds(1));
        receiver.Tracker.StartWorkflow("import", Named("42")).Complete();

        var told = await receiver.EndAsync();

        Assert.Equal(2, told.Select(one => one.Key).Distinct(StringComparer.Ordinal).Count());
        Assert.All(told, one => Assert.Matches("^[0-9a-f]{64}$", one.Key));
    }

    /// <summary>Whatever a run is named, it calls nobody, links nowhere and makes no new line.</summary>
    [Fact]
    public async Task Slack_NameLikeMarkup_IsText()
    {
        using var receiver = new Receiver(WebhookFormat.Slack);
        receiver.Tracker.StartWorkflow("import", Named("<!channel>\n<https://evil.example|click> & co")).Complete();

        var told = Assert.Single(await receiver.EndAsync());

        Assert.Equal(["text"], told.Json.EnumerateObject().Select(property => property.Name));
        var text = Text(told, "text")!;
        Assert.StartsWith("import &lt;!channel&gt; &lt;https://evil.example|click&gt; &amp; co has succeeded\nIt took ", text, StringComparison.Ordinal);
        Assert.Equal(2, text.Split('\n').Length);
        Assert.DoesNotContain('<', text);
    }

    /// <summary>As https://adaptivecards.io/explorer/RichTextBlock.html has it.</summary>
    [Fact]
    public async Task Teams_Message_IsACardOfTextThatIsNoMarkdown()
    {
        using var receiver = new Receiver(WebhookFormat.Teams);
        receiver.Tracker.StartWorkflow("import", Named("[click](https://evil.example)")).Complete();

        var json = Assert.Single(await receiver.EndAsync()).Json;

        Assert.Equal("message", json.GetProperty("type").GetString());
        var attachment = Assert.Single(json.GetProperty("attachments").EnumerateArray());
        Assert.Equal("application/vnd.microsoft.card.adaptive", attachment.GetProperty("contentType").GetString());
        var card = attachment.GetProperty("content");
        Assert.Equal(("AdaptiveCard", "1.4"), (card.GetProperty("type").GetString(), card.GetProperty("version").GetString()));
        var blocks = card.GetProperty("body").EnumerateArray().ToArray();
        Assert.All(blocks, block => Assert.Equal("RichTextBlock", block.GetProperty("type").GetString()));
        var runs = blocks.Select(block => Assert.Single(block.GetProperty("inlines").EnumerateArray())).ToArray();
        Assert.All(runs, text => Assert.Equal("TextRun", text.GetProperty("type").GetString()));
        Assert.Equal("import [click](https://evil.example) has succeeded", runs[0].GetProperty("text").GetString());
    }

    [Fact]
    public void Webhook_WrongUse_IsRefusedAtTheCall()
    {
        var url = new Uri("https://chat.example/hook");
        Assert.Throws<ArgumentNullException>(() => new WebhookNotifier(null!, url));
        Assert.Throws<ArgumentException>(() => new WebhookNotifier(() => null!, new Uri("/hook", UriKind.Relative)));
        Assert.Throws<ArgumentException>(() => new WebhookNotifier(() => null!, new Uri("ftp://chat.example")));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WebhookNotifier(() => null!, url, (WebhookFormat)9));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WebhookNotifier(() => null!, url, kinds: (ProgressNotificationKinds)64));
    }

    internal static WorkflowRunOptions Named(string id) => new() { RunId = id };

    private static string? Text(Received told, string name) => told.Json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
