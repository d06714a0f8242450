using Microsoft.Playwright;
using ProgressTelemetry.AspNetCore.Tests.Support;
using ProgressTelemetry.TestSupport;
using static Microsoft.Playwright.Assertions;

namespace ProgressTelemetry.AspNetCore.Tests.Page;

/// <summary>The page of a tracker with 10,000 runs. With <c>PROGRESS_SCREENSHOTS</c> naming a folder, its picture is written there.</summary>
public sealed class ManyRunsPageTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const int PageSize = 25;

    [RealPartFact("chromium")]
    public async Task TenThousandRuns_OnePageIsShownAndTheStalledComeFirst()
    {
        await using var app = await ProgressApp.StartAsync(ManyRuns.Make());
        await using var watched = await OpenAsync(app);
        var page = watched.Page;

        await Expect(page.Locator(".run")).ToHaveCountAsync(PageSize);
        await Expect(page.Locator("#counts")).ToHaveTextAsync($"9,900 active · {ManyRuns.Stalled} stalled");
        await Expect(page.Locator("#pager-top")).ToContainTextAsync("1–25 of 10,000 runs");
        await Expect(page.Locator(".run").First.Locator(".chip")).ToHaveTextAsync("Stalled");
        await Expect(page.Locator(".run").Nth(ManyRuns.Stalled).Locator(".chip")).ToHaveTextAsync("Running");
        await watched.AssertCleanAsync();
    }

    [RealPartFact("chromium")]
    public async Task Search_ByRunAndByStage_FindsThem()
    {
        await using var app = await ProgressApp.StartAsync(ManyRuns.Make());
        await using var watched = await OpenAsync(app);
        var page = watched.Page;
        var search = page.GetByRole(AriaRole.Searchbox, new() { Name = "Search" });

        await search.FillAsync("ORDER-04217");
        await Expect(page.Locator(".run")).ToHaveCountAsync(1);
        await Expect(page.Locator(".run-id")).ToHaveTextAsync("order-04217");
        await Expect(page).ToHaveURLAsync(new Uri(app.Address, "/progress?q=ORDER-04217").AbsoluteUri);
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("1 run matches.");

        await search.FillAsync("no such run");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "No run matches" })).ToBeVisibleAsync();
        await Expect(page.Locator(".run")).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Button, new() { Name = "Show all runs" }).ClickAsync();
        await Expect(page.Locator(".run")).ToHaveCountAsync(PageSize);
        await Expect(search).ToBeFocusedAsync();
        await watched.AssertCleanAsync();
    }

    [RealPartFact("chromium")]
    public async Task Filters_WorkflowAndState_AreJoinedAndSurviveAReload()
    {
        await using var app = await ProgressApp.StartAsync(ManyRuns.Make());
        await using var watched = await OpenAsync(app);
        var page = watched.Page;
        await Expect(page.Locator(".run")).ToHaveCountAsync(PageSize);

        await page.GetByRole(AriaRole.Combobox, new() { Name = "Workflow" }).SelectOptionAsync("invoices");
        await page.GetByRole(AriaRole.Combobox, new() { Name = "State" }).SelectOptionAsync("Failed");
        await Expect(page.Locator("#pager-top")).ToContainTextAsync("10 runs");
        await AssertAllAsync(page, ".run-workflow", "invoices", 10);
        await AssertAllAsync(page, ".chip-text", "Failed", 10);

        await page.ReloadAsync();
        await Expect(page.Locator(".run")).ToHaveCountAsync(10);
        await Expect(page.GetByRole(AriaRole.Combobox, new() { Name = "Workflow" })).ToHaveValueAsync("invoices");
        await page.GetByRole(AriaRole.Button, new() { Name = "Clear" }).ClickAsync();
        await Expect(page.Locator("#pager-top")).ToContainTextAsync("of 10,000 runs");
        await watched.AssertCleanAsync();
    }

    [RealPartFact("chromium")]
    public async Task Keyboard_GoesThroughThePagesAndKeepsTheFocus()
    {
        await using var app = await ProgressApp.StartAsync(ManyRuns.Make());
        await using var watched = await OpenAsync(app, "/progress?state=running&q=order");
        var page = watched.Page;
        await Expect(page.Locator(".run")).ToHaveCountAsync(PageSize);
        var next = page.Locator("#pager-top").GetByRole(AriaRole.Button, new() { Name = "Next page" });
        var previous = page.Locator("#pager-top").GetByRole(AriaRole.Button, new() { Name = "Previous page" });
        await Expect(previous).ToHaveAttributeAsync("aria-disabled", "true");

        await page.GetByRole(AriaRole.Searchbox).FocusAsync();
        foreach (var name in new[] { "workflow", "state", "", "Previous page", "Next page" })
        {
            await page.Keyboard.PressAsync("Tab");
            Assert.Equal(name, await page.EvaluateAsync<string>("document.activeElement.name || document.activeElement.getAttribute('aria-label') || ''"));
        }

        var first = await page.Locator(".run-id").First.TextContentAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#pager-top")).ToContainTextAsync("26–50 of");
        await Expect(page.Locator(".run-id").First).Not.ToHaveTextAsync(first!);
        await Expect(next).ToBeFocusedAsync();
        Assert.Contains("page=2", page.Url, StringComparison.Ordinal);
        await page.Keyboard.PressAsync("Shift+Tab");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".run-id").First).ToHaveTextAsync(first!);
        await Expect(previous).ToBeFocusedAsync();
        await watched.AssertCleanAsync();
    }

    [RealPartFact("chromium")]
    public async Task PageBehindTheLast_ShowsTheLast()
    {
        await using var app = await ProgressApp.StartAsync(ManyRuns.Make());
        await using var watched = await OpenAsync(app, "/progress?page=9000&state=nonsense");

        await Expect(watched.Page.Locator("#pager-top")).ToContainTextAsync("9,976–10,000 of 10,000 runs");
        await Expect(watched.Page.Locator("#ended .run")).ToHaveCountAsync(PageSize);
    }

    [RealPartFact("chromium")]
    public async Task RunsNamedAsStepsInAPath_HaveReports()
    {
        await using var app = await ProgressApp.StartAsync();
        foreach (var id in new[] { ".", "..", "~.", "a/../b" })
        {
            app.Tracker.StartWorkflow("import " + id, new WorkflowRunOptions { RunId = id });
        }

        await using var watched = await OpenAsync(app);
        await Expect(watched.Page.Locator(".run")).ToHaveCountAsync(4);
        foreach (var link in await watched.Page.Locator(".run-links a:first-child").AllAsync())
        {
            var name = (await link.GetAttributeAsync("aria-label"))!["Report of ".Length..];
            using var response = await app.Http.GetAsync(new Uri((await link.EvaluateAsync<string>("a => a.href"))));
            Assert.Contains(name, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [RealPartTheory("chromium")]
    [InlineData("live-page-many", 1280, ColorScheme.Light)]
    [InlineData("live-page-many-dark", 1280, ColorScheme.Dark)]
    [InlineData("live-page-many-phone", 360, ColorScheme.Light)]
    public async Task TenThousandRuns_SearchedAndFiltered_IsReadable(string name, int width, ColorScheme scheme)
    {
        await using var app = await ProgressApp.StartAsync(ManyRuns.Make());
        await using var watched = await chromium.OpenAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = width < 600 ? 800 : 1100 },
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
        });
        await watched.GoToAsync(new Uri(app.Address, "/progress"));
        var page = watched.Page;
        await page.GetByRole(AriaRole.Searchbox).FillAsync("order-0");
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Workflow" }).SelectOptionAsync("invoices");
        await Expect(page.Locator("#pager-top")).ToContainTextAsync("1–25 of");
        await Expect(page.Locator("#pager-top")).Not.ToContainTextAsync("10,000");

        Assert.Equal(0, await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth"));
        Assert.Empty(await page.EvaluateAsync<string[]>(PageChecks.LowContrast));
        Assert.Empty(await page.EvaluateAsync<string[]>(PageChecks.Nameless));
        Assert.Empty(await page.EvaluateAsync<string[]>(PageChecks.Clipped));
        await watched.AssertCleanAsync();

        if (Environment.GetEnvironmentVariable("PROGRESS_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png") });
        }
    }

    private async Task<WatchedPage> OpenAsync(ProgressApp app, string path = "/progress")
    {
        var watched = await chromium.OpenAsync();
        await watched.GoToAsync(new Uri(app.Address, path));
        return watched;
    }

    private static async Task AssertAllAsync(IPage page, string selector, string text, int count)
    {
        await Expect(page.Locator(selector)).ToHaveCountAsync(count);
        await Expect(page.Locator(selector).Filter(new() { HasText = text })).ToHaveCountAsync(count);
    }
}
