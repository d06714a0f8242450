using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using ProgressTelemetry.AspNetCore.Tests.Support;
using ProgressTelemetry.TestSupport;
using static Microsoft.Playwright.Assertions;

namespace ProgressTelemetry.AspNetCore.Tests.Page;

/// <summary>The live page in a real browser, over a real server.</summary>
public sealed class LivePageTests(Chromium chromium) : IClassFixture<Chromium>
{
    [RealPartFact("chromium")]
    public async Task TasksComplete_TheBarMoves()
    {
        await using var app = await ProgressApp.StartAsync();
        var run = app.Tracker.StartWorkflow("import");
        var stage = run.StartStage("load", expectedTasks: 10);
        stage.CompleteTasks(2);
        await using var watched = await OpenAsync(app);
        var bar = watched.Page.GetByRole(AriaRole.Progressbar, new() { Name = "Run import" });

        await Expect(bar).ToHaveAttributeAsync("aria-valuenow", "20");
        await UntilFilledAsync(watched.Page, .2);
        stage.CompleteTasks(5);

        await Expect(bar).ToHaveAttributeAsync("aria-valuenow", "70");
        await UntilFilledAsync(watched.Page, .7);
        await Expect(watched.Page.Locator(".run-tasks")).ToHaveTextAsync("7 of 10 tasks");
        await Expect(watched.Page).ToHaveTitleAsync("70 % import · Progress");
        await watched.AssertCleanAsync();
    }

    [RealPartFact("chromium")]
    public async Task TotalUnknown_TheBarClaimsNoFraction()
    {
        await using var app = await ProgressApp.StartAsync();
        app.Tracker.StartWorkflow("crawl").StartStage("fetch").CompleteTasks(1234);
        await using var watched = await OpenAsync(app);
        var bar = watched.Page.GetByRole(AriaRole.Progressbar, new() { Name = "Run crawl" });

        await Expect(bar).ToHaveAttributeAsync("aria-valuetext", "1,234 tasks done, total unknown, time left not known yet");
        Assert.Null(await bar.GetAttributeAsync("aria-valuenow"));
        await Expect(watched.Page.Locator(".run-left")).ToHaveTextAsync("time left not known yet");
        await watched.AssertCleanAsync();
    }

    [RealPartFact("chromium")]
    public async Task AttemptsFail_AreShownForTheRunAndItsStage()
    {
        await using var app = await ProgressApp.StartAsync();
        var run = app.Tracker.StartWorkflow("sync");
        run.Retry(new TimeoutException());
        run = app.Tracker.StartWorkflow("sync", new WorkflowRunOptions { RunId = run.Id, WhenLive = WhenLive.TakeOver });
        var task = run.StartStage("pull", expectedTasks: 2).StartTask();
        task.Retry(new TimeoutException());
        task.Retry(new TimeoutException());
        task.Complete();
        await using var watched = await OpenAsync(app);
        var card = watched.Page.Locator("#active .run");
        await card.Locator("summary").ClickAsync();

        await Expect(card).ToContainTextAsync("Failed attempts");
        await Expect(card).ToContainTextAsync("2 failed attempts");
        await Expect(card.Locator("dt", new() { HasTextString = "Attempt" }).Last).ToHaveTextAsync("Attempt");
        await Expect(card.Locator(".run-tasks")).ToHaveTextAsync("1 of 2 tasks");
        await watched.AssertCleanAsync();
    }

    [RealPartFact("chromium")]
    public async Task RunEnds_IsMarkedAndMovedToTheEnded()
    {
        await using var app = await ProgressApp.StartAsync();
        var good = app.Tracker.StartWorkflow("import");
        var bad = app.Tracker.StartWorkflow("export");
        await using var watched = await OpenAsync(app);
        await Expect(watched.Page.Locator("#active .run")).ToHaveCountAsync(2);

        good.Complete();
        bad.Fail(new TimeoutException());

        var ended = watched.Page.Locator("#ended .run");
        await Expect(ended).ToHaveCountAsync(2);
        await Expect(ended.Filter(new() { HasText = "import" }).Locator(".chip")).ToHaveTextAsync("Succeeded");
        await Expect(ended.Filter(new() { HasText = "export" })).ToContainTextAsync("System.TimeoutException");
        await Expect(watched.Page.Locator("#active .run")).ToHaveCountAsync(0);
        await Expect(watched.Page.GetByRole(AriaRole.Heading, new() { Name = "Nothing is running" })).ToBeVisibleAsync();
        await Expect(watched.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("import succeeded");
        await watched.AssertCleanAsync();
    }

    [RealPartFact("chromium")]
    public async Task RunOfOtherProcesses_IsShownWithWhoWorksOnIt()
    {
        var store = new InMemoryRunStore();
        await using var first = new ProgressTracker(store: store);
        var run = first.StartWorkflow("import", new WorkflowRunOptions { RunId = "shared" });
        run.StartStage("load", 10).CompleteTasks(4);
        await first.FlushAsync();
        await using var second = new ProgressTracker(store: store);
        await second.FlushAsync();
        var part = second.StartWorkflow("import", new WorkflowRunOptions { RunId = "shared", WhenLive = WhenLive.Join });
        part.StartStage("load").CompleteTasks(3);
        part.Complete();
        await second.FlushAsync();
        await using var app = await ProgressApp.StartAsync(new ProgressTracker(store: store));
        await app.Tracker.FlushAsync();
        await using var watched = await OpenAsync(app);

        var process = $"{Environment.MachineName}:{Environment.ProcessId}";
        await Expect(watched.Page.Locator(".run-tasks")).ToHaveTextAsync("7 of 10 tasks");
        await Expect(watched.Page.Locator(".facts")).ToContainTextAsync($"{process} 4 · {process} 3 (left)");
        run.Complete();
        await first.FlushAsync();
        await Expect(watched.Page.Locator("#ended .run")).ToHaveCountAsync(1);
        await watched.AssertCleanAsync();
    }

    [RealPartFact("chromium")]
    public async Task HostileNames_AreTextAndNothingRuns()
    {
        const string Script = "<script>window.owned = 1; alert(1)</script>";
        const string Image = "\"'><img src=x onerror=\"window.owned = 1\">";
        await using var app = await ProgressApp.StartAsync();
        var run = app.Tracker.StartWorkflow(Script, new WorkflowRunOptions { RunId = Image, Version = Image, Milestones = [new Milestone(Image, .5)] });
        var stage = run.StartStage(Image, expectedTasks: 2);
        stage.CompleteTask();
        stage.RecordItems(Script, 3);
        stage.RecordItems("__proto__", 1);
        await using var watched = await OpenAsync(app);
        var page = watched.Page;

        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 3 })).ToContainTextAsync(Script);
        await Expect(page.Locator(".run-id")).ToHaveTextAsync(Image);
        await Expect(page.Locator(".stage-name")).ToHaveTextAsync(Image);
        await Expect(page.Locator(".milestone bdi")).ToHaveTextAsync(Image);
        await Expect(page.Locator(".stage-notes")).ToContainTextAsync($"{Script}: 3");
        run.Fail(Script);
        await Expect(page.Locator("#ended .facts")).ToContainTextAsync(Script);

        Assert.Equal(0, await page.Locator("main script, main img").CountAsync());
        Assert.True(await page.EvaluateAsync<bool>("window.owned === undefined"));
        var report = await page.GetByRole(AriaRole.Link, new() { Name = "Report of" }).First.GetAttributeAsync("href");
        await page.GotoAsync(report!);
        await Expect(page.Locator("body")).ToContainTextAsync(Script);
        Assert.True(await page.EvaluateAsync<bool>("window.owned === undefined"));
        await watched.AssertCleanAsync();
    }

    [RealPartFact("chromium")]
    public async Task ConnectionDrops_ThePageSaysSoAndComesBack()
    {
        var first = await ProgressApp.StartAsync();
        first.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "before" });
        await using var watched = await OpenAsync(first);
        await Expect(watched.Page.Locator("#active .run")).ToHaveCountAsync(1);
        var banner = watched.Page.GetByRole(AriaRole.Alert);
        await Expect(banner).ToBeHiddenAsync();

        await first.StopAsync();
        await first.DisposeAsync();
        await Expect(banner).ToBeVisibleAsync();
        await Expect(banner).ToContainTextAsync("connection to the server is lost");
        await Expect(watched.Page.Locator(".run-id")).ToHaveTextAsync("before");

        await using var second = await ProgressApp.StartAsync(port: first.Address.Port);
        second.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "after" });
        await Expect(banner).ToBeHiddenAsync();
        await Expect(watched.Page.Locator(".run-id")).ToHaveTextAsync("after");
        await watched.AssertCleanAsync();
    }

    [RealPartTheory("chromium")]
    [InlineData(StatusCodes.Status401Unauthorized)]
    [InlineData(StatusCodes.Status302Found)]
    public async Task SignedOutMeanwhile_ThePageSaysThat(int refusal)
    {
        var signedIn = true;
        await using var app = await ProgressApp.StartAsync(configure: app =>
        {
            app.Use((context, next) =>
            {
                if (signedIn || context.Request.Path.Value is "/progress" or "/login")
                {
                    return next(context);
                }

                // As tokens have it, and as cookies do.
                context.Response.StatusCode = refusal;
                context.Response.Headers.Location = refusal == StatusCodes.Status302Found ? "/login" : default;
                return Task.CompletedTask;
            });
            app.MapProgress().AllowAnonymous();
            app.MapGet("/login", () => Results.Content("<form></form>", "text/html"));
        });
        await using var watched = await OpenAsync(app);

        signedIn = false;
        await watched.Page.EvaluateAsync("dispatchEvent(new Event('online'))");

        await Expect(watched.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not signed in any more");
        signedIn = true;
        await watched.Page.GetByRole(AriaRole.Button, new() { Name = "Reload the page" }).ClickAsync();
        await Expect(watched.Page.Locator("#connection")).ToHaveTextAsync("Live");
    }

    [RealPartFact("chromium")]
    public async Task Keyboard_OpensAndClosesTheStages()
    {
        await using var app = await ProgressApp.StartAsync();
        var run = app.Tracker.StartWorkflow("import");
        run.StartStage("load", 3);
        await using var watched = await OpenAsync(app);
        var page = watched.Page;
        var stages = page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "load" });
        await Expect(stages).ToBeVisibleAsync();

        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("SUMMARY", await page.EvaluateAsync<string>("document.activeElement.tagName"));
        Assert.Equal("solid", await page.EvaluateAsync<string>("getComputedStyle(document.activeElement).outlineStyle"));
        await page.Keyboard.PressAsync("Enter");
        await Expect(stages).ToBeHiddenAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(stages).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("Report of import", await page.EvaluateAsync<string>("document.activeElement.getAttribute('aria-label')"));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Uri(app.Address, $"/progress/runs/{run.Id}/report?format=html").AbsoluteUri);
    }

    [RealPartFact("chromium")]
    public async Task ReaderOpensARun_FramesLeaveItOpenAndFocused()
    {
        await using var app = await ProgressApp.StartAsync();
        var runs = Enumerable.Range(0, 4).Select(i => app.Tracker.StartWorkflow($"import {i}")).ToList();
        var stages = runs.Select(run => run.StartStage("load", 10)).ToList();
        await using var watched = await OpenAsync(app);
        var last = watched.Page.Locator("#active .run").Nth(3);
        await Expect(last.Locator(".stage")).ToHaveCountAsync(0);
        await last.Locator("summary").FocusAsync();
        await last.Locator("summary").PressAsync("Enter");
        await Expect(last.Locator(".stage")).ToBeVisibleAsync();

        runs[1].Complete();
        stages[3].CompleteTasks(4);

        await Expect(watched.Page.Locator("#active .run")).ToHaveCountAsync(3);
        var moved = watched.Page.Locator("#active .run").Nth(2);
        await Expect(moved.Locator(".stage-counts")).ToHaveTextAsync("4 / 10");
        await Expect(moved.Locator("summary")).ToBeFocusedAsync();
    }

    [RealPartTheory("chromium")]
    [InlineData("/base/progress")]
    [InlineData("/base/progress/")]
    [InlineData("/base")]
    [InlineData("/")]
    public async Task BehindAPathBase_ThePageWorks(string path)
    {
        await using var app = await ProgressApp.StartAsync(configure: app =>
        {
            app.UsePathBase("/base");
            app.UseRouting();
            app.MapProgress().AllowAnonymous();
            app.MapProgress("/").AllowAnonymous();
        });
        app.Tracker.StartWorkflow("import");

        await using var watched = await chromium.OpenAsync();
        await watched.GoToAsync(new Uri(app.Address, path));

        await Expect(watched.Page.Locator("#active .run")).ToHaveCountAsync(1);
        await watched.AssertCleanAsync();
    }

    private async Task<WatchedPage> OpenAsync(ProgressApp app)
    {
        var watched = await chromium.OpenAsync();
        await watched.GoToAsync(new Uri(app.Address, "/progress"));
        return watched;
    }

    /// <summary>Waits until the first bar's coloured part takes that share of it.</summary>
    private static Task<IJSHandle> UntilFilledAsync(IPage page, double share) => page.WaitForFunctionAsync("""
        (share) => {
          const bar = document.querySelector(".bar-large");
          const fill = bar.querySelector(".bar-fill");
          return Math.abs(fill.getBoundingClientRect().width / bar.getBoundingClientRect().width - share) < .01;
        }
        """, share);
}
