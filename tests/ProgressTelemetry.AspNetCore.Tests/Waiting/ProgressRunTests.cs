using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using ProgressTelemetry.AspNetCore.Tests.Page;
using ProgressTelemetry.AspNetCore.Tests.Support;
using ProgressTelemetry.TestSupport;
using static Microsoft.Playwright.Assertions;

namespace ProgressTelemetry.AspNetCore.Tests.Waiting;

/// <summary>The web component in a real browser, in an application's own page under a strict policy.</summary>
public sealed class ProgressRunTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [RealPartFact("chromium")]
    public async Task RunMovesAndEnds_TheComponentFollowsAndTellsThePage()
    {
        await using var app = await WaitingApp.StartAsync(configure: ShopPage.Map);
        var run = app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "mine" });
        var stage = run.StartStage("load", expectedTasks: 10);
        app.Tracker.StartWorkflow("other people's work");
        await using var watched = await ShopPage.OpenAsync(chromium, app, Live(app.Tokens.ForRun("mine", Hour)));
        var bar = watched.Page.GetByRole(AriaRole.Progressbar, new() { Name = "Progress" });

        await Expect(bar).ToHaveAttributeAsync("aria-valuenow", "0");
        stage.CompleteTasks(7);
        await Expect(bar).ToHaveAttributeAsync("aria-valuenow", "70");
        await Expect(watched.Page.Locator(".percent")).ToHaveTextAsync("70%");
        await Expect(watched.Page.Locator(".tasks")).ToHaveTextAsync("7 of 10");
        await watched.Page.ReloadAsync();
        await Expect(bar).ToHaveAttributeAsync("aria-valuenow", "70");
        await watched.Page.EvaluateAsync("""
            window.heard = [];
            document.querySelector("progress-run").addEventListener("ended", (e) => window.heard.push(e.detail.state));
            """);
        stage.CompleteTasks(3);
        run.Complete();

        await Expect(watched.Page.Locator(".state")).ToHaveTextAsync("Done");
        await Expect(bar).ToHaveAttributeAsync("aria-valuetext", "Done, 100%");
        await UntilAsync(watched.Page, "document.querySelector('progress-run').connection === 'ended'");
        Assert.Equal(["succeeded"], await watched.Page.EvaluateAsync<string[]>("window.heard"));
        Assert.DoesNotContain("other", await watched.Page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        await watched.AssertCleanAsync();
    }

    [RealPartFact("chromium")]
    public async Task TotalUnknown_ClaimsNoFractionAndNoTime()
    {
        await using var app = await WaitingApp.StartAsync(configure: ShopPage.Map);
        app.Tracker.StartWorkflow("crawl", new WorkflowRunOptions { RunId = "mine" }).StartStage("fetch").CompleteTasks(1234);
        await using var watched = await ShopPage.OpenAsync(chromium, app, Live(app.Tokens.ForRun("mine", Hour)));
        var bar = watched.Page.GetByRole(AriaRole.Progressbar);

        await Expect(watched.Page.Locator(".tasks")).ToHaveTextAsync("1,234 done");
        await Expect(watched.Page.Locator(".time")).ToHaveTextAsync("time left not known yet");
        Assert.Null(await bar.GetAttributeAsync("aria-valuenow"));
        await Expect(watched.Page.Locator(".percent")).ToBeHiddenAsync();
        await watched.AssertCleanAsync();
    }

    [RealPartFact("chromium")]
    public async Task ServerIsDeployedAnew_SaysThatItIsGoneAndComesBack()
    {
        var keys = new EphemeralDataProtectionProvider();
        var first = await WaitingApp.StartAsync(configure: ShopPage.Map, keys: keys);
        first.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "mine" }).StartStage("load", 10).CompleteTasks(4);
        await using var watched = await ShopPage.OpenAsync(chromium, first, Live(first.Tokens.ForRun("mine", Hour)));
        await Expect(watched.Page.Locator(".percent")).ToHaveTextAsync("40%");

        var port = first.App.Address.Port;
        await first.App.StopAsync();
        await first.DisposeAsync();
        await Expect(watched.Page.Locator(".notice")).ToHaveTextAsync("Connection lost, trying again …");
        await Expect(watched.Page.Locator(".percent")).ToHaveTextAsync("40%");
        await Expect(watched.Page.Locator(".time")).ToBeHiddenAsync();

        await using var second = await WaitingApp.StartAsync(configure: ShopPage.Map, keys: keys, port: port);
        await Expect(watched.Page.Locator(".state")).ToHaveTextAsync("Nothing known yet");
        second.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "mine" }).StartStage("load", 10).CompleteTasks(6);
        await Expect(watched.Page.Locator(".percent")).ToHaveTextAsync("60%");
        await Expect(watched.Page.Locator(".notice")).ToBeHiddenAsync();
    }

    [RealPartFact("chromium")]
    public async Task ReaderGoesOfflineAndBack_SaysSoAndCatchesUp()
    {
        await using var app = await WaitingApp.StartAsync(configure: ShopPage.Map);
        var run = app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "mine" });
        var stage = run.StartStage("load", expectedTasks: 10);
        stage.CompleteTasks(4);
        await using var watched = await ShopPage.OpenAsync(chromium, app, Live(app.Tokens.ForRun("mine", Hour)));
        await Expect(watched.Page.Locator(".percent")).ToHaveTextAsync("40%");

        await watched.Page.Context.SetOfflineAsync(true);
        await Expect(watched.Page.Locator(".notice")).ToHaveTextAsync("Connection lost, trying again …");
        stage.CompleteTasks(5);
        await Expect(watched.Page.Locator(".percent")).ToHaveTextAsync("40%");
        await Expect(watched.Page.Locator(".time")).ToBeHiddenAsync();

        await watched.Page.Context.SetOfflineAsync(false);
        await Expect(watched.Page.Locator(".percent")).ToHaveTextAsync("90%");
        await Expect(watched.Page.Locator(".notice")).ToBeHiddenAsync();
        stage.CompleteTask();
        run.Complete();
        await Expect(watched.Page.Locator(".state")).ToHaveTextAsync("Done");
        var heard = await watched.Page.EvaluateAsync<string[]>("window.heard");
        Assert.Contains("progress running", heard);
        Assert.Equal("ended succeeded", heard[^1]);
    }

    [RealPartFact("chromium")]
    public async Task TokenOpensNothing_SaysSoAndAsksNoMore()
    {
        await using var app = await WaitingApp.StartAsync(configure: ShopPage.Map);
        await using var watched = await ShopPage.OpenAsync(chromium, app, Live("expired"));

        await Expect(watched.Page.Locator(".notice")).ToHaveTextAsync("This progress can no longer be shown. Please reload the page.");
        Assert.Equal("refused", await watched.Page.EvaluateAsync<string>("document.querySelector('progress-run').connection"));
        Assert.True(await watched.Page.EvaluateAsync<bool>("document.querySelector('progress-run').run === null"));
    }

    [RealPartFact("chromium")]
    public async Task Stages_HostileNames_AreTextOnDemand()
    {
        const string Image = "\"'><img src=x onerror=\"window.owned = 1\">";
        await using var app = await WaitingApp.StartAsync(configure: ShopPage.Map);
        var run = app.Tracker.StartWorkflow(Image, new WorkflowRunOptions { RunId = "mine" });
        run.StartStage(Image, expectedTasks: 2).CompleteTask();
        var token = app.Tokens.ForRun("mine", Hour, ProgressDetails.Default | ProgressDetails.Stages | ProgressDetails.Workflow);
        await using var watched = await ShopPage.OpenAsync(chromium, app, Live(token));

        var name = watched.Page.Locator("li bdi");
        await Expect(name).ToHaveTextAsync(Image);
        await Expect(name).ToBeHiddenAsync();
        await watched.Page.Locator("summary").ClickAsync();
        await Expect(name).ToBeVisibleAsync();
        await Expect(watched.Page.GetByRole(AriaRole.Progressbar).Nth(1)).ToHaveAttributeAsync("aria-valuenow", "50");
        Assert.True(await watched.Page.EvaluateAsync<bool>("window.owned === undefined"));
        Assert.Equal(0, await watched.Page.Locator("img").CountAsync());
        await watched.AssertCleanAsync();
    }

    [RealPartFact("chromium")]
    public async Task LiveRegion_StepsAndEnd_SpeaksOfTheEndAndNotOfEachStep()
    {
        await using var app = await WaitingApp.StartAsync(configure: ShopPage.Map);
        var run = app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "mine" });
        var stage = run.StartStage("load", expectedTasks: 100);
        await using var watched = await ShopPage.OpenAsync(chromium, app, Live(app.Tokens.ForRun("mine", Hour)));
        var region = watched.Page.GetByRole(AriaRole.Status);
        for (var done = 5; done <= 20; done += 5)
        {
            stage.CompleteTasks(5);
            await Expect(watched.Page.Locator(".percent")).ToHaveTextAsync($"{done}%");
        }

        await Expect(region).ToHaveTextAsync("");
        run.Complete();

        await Expect(region).ToHaveTextAsync("Done");
    }

    [RealPartTheory("chromium")]
    [InlineData("en", 240, 120, 540, "about 4 min left, 2 to 9")]
    [InlineData("de", 240, 120, 540, "noch etwa 4 Min., 2 bis 9")]
    [InlineData("en", 95, 42, 200, "about 2 min left, 40 sec to 3 min")]
    [InlineData("en", 7300, 7000, 7400, "about 2 hr left")]
    [InlineData("en", .4, 0, 3, "any moment now")]
    public async Task TimeLeft_EachLanguage_ReadsAsPeopleSayIt(string language, double remaining, double low, double high, string expected)
    {
        await using var app = await WaitingApp.StartAsync(configure: web =>
        {
            ShopPage.Map(web);
            MapRun(web, $$$"""{"state":"running","startedAt":"2026-01-01T00:00:00Z","completionRatio":0.4,"estimate":{"remainingSeconds":{{{remaining}}},"remainingLowSeconds":{{{low}}},"remainingHighSeconds":{{{high}}}}}""");
        });
        await using var watched = await ShopPage.OpenAsync(chromium, app, "/run", $"&lang={language}");

        await Expect(watched.Page.Locator(".time")).ToHaveTextAsync(expected);
    }

    [RealPartFact("chromium")]
    public async Task Texts_Replaced_AreSaid()
    {
        await using var app = await WaitingApp.StartAsync(configure: ShopPage.Map);
        app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "mine" });
        await using var watched = await ShopPage.OpenAsync(chromium, app, "");
        await watched.Page.EvaluateAsync($$"""
            import("/progress/progress-run.js").then(({ texts }) => {
              texts.fr = { running: "En cours" };
              document.documentElement.lang = "fr";
              document.querySelector("progress-run").src = "";
              document.querySelector("progress-run").setAttribute("src", "{{Live(app.Tokens.ForRun("mine", Hour))}}");
            })
            """);

        await Expect(watched.Page.Locator(".state")).ToHaveTextAsync("En cours");
        await Expect(watched.Page.Locator(".time")).ToHaveTextAsync("time left not known yet");
    }

    [RealPartFact("chromium")]
    public async Task Subscribe_WithoutTheElement_CallsBackUntilStopped()
    {
        await using var app = await WaitingApp.StartAsync(configure: ShopPage.Map);
        var run = app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "mine" });
        await using var watched = await ShopPage.OpenAsync(chromium, app, "");
        await watched.Page.EvaluateAsync($$"""
            import("/progress/progress-run.js").then(({ subscribe }) => {
              window.seen = [];
              subscribe("{{Live(app.Tokens.ForRun("mine", Hour))}}", ({ run, connection }) => window.seen.push(`${connection} ${run?.state}`));
            })
            """);
        await UntilAsync(watched.Page, "window.seen.includes('live running')");
        run.Cancel();
        await UntilAsync(watched.Page, "window.seen.includes('ended cancelled')");

        var seen = await watched.Page.EvaluateAsync<string[]>("window.seen");
        Assert.Equal("connecting undefined", seen[0]);
        Assert.DoesNotContain(seen, s => s.StartsWith("lost", StringComparison.Ordinal));
    }

    /// <summary>Playwright's own waiting needs <c>eval</c>, which the page's policy forbids.</summary>
    private static async Task UntilAsync(IPage page, string condition) =>
        await page.EvaluateAsync($"new Promise((done) => {{ const look = () => {condition} ? done() : setTimeout(look, 20); look(); }})").WaitAsync(Eventually.Limit);

    private static string Live(string token) => $"/progress/live/{token}";

    /// <summary>A run that says what the test wants it to say.</summary>
    private static void MapRun(WebApplication web, string json) => web.MapGet("/run/events", async context =>
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync($"event: progress\ndata: {json}\n\n");
        await context.Response.Body.FlushAsync();
        await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
    });
}
