using Microsoft.Playwright;
using ProgressTelemetry.AspNetCore.Tests.Support;
using ProgressTelemetry.TestSupport;
using static Microsoft.Playwright.Assertions;

namespace ProgressTelemetry.AspNetCore.Tests.Page;

/// <summary>
/// The page full of runs in every state: readable at each width, in light and dark, with reduced motion, by screen readers. With <c>PROGRESS_SCREENSHOTS</c> naming a folder, its pictures are written there.
/// </summary>
public sealed class PageLooksTests(Chromium chromium) : IClassFixture<Chromium>
{
    [RealPartTheory("chromium")]
    [InlineData("live-page", 1280, ColorScheme.Light)]
    [InlineData("live-page-dark", 1280, ColorScheme.Dark)]
    [InlineData("live-page-phone", 360, ColorScheme.Light)]
    [InlineData("live-page-phone-dark", 360, ColorScheme.Dark)]
    public async Task BusyPage_EachWidthAndScheme_IsReadable(string name, int width, ColorScheme scheme)
    {
        await using var app = await ProgressApp.StartAsync(BusyTracker.Make());
        await using var watched = await chromium.OpenAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = width < 600 ? 800 : 1220 },
            DeviceScaleFactor = width < 600 ? 2 : 1,
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
        });
        await watched.GoToAsync(new Uri(app.Address, "/progress"));
        var page = watched.Page;
        await Expect(page.Locator("#active .run")).ToHaveCountAsync(4);
        await Expect(page.Locator("#ended .run")).ToHaveCountAsync(3);

        Assert.Equal(0, await page.EvaluateAsync<int>("document.getAnimations().length"));
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

    [RealPartFact("chromium")]
    public async Task LongNames_OnAPhone_StayInside()
    {
        var name = new string('W', 200);
        await using var app = await ProgressApp.StartAsync();
        var run = app.Tracker.StartWorkflow(name, new WorkflowRunOptions { RunId = name, Version = name, Milestones = [new Milestone(name, .5)] });
        var stage = run.StartStage(name, expectedTasks: 1_000_000_000);
        stage.RecordItems(name, 5);
        await using var watched = await chromium.OpenAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 360, Height = 740 } });
        await watched.GoToAsync(new Uri(app.Address, "/progress"));

        await Expect(watched.Page.Locator(".stage-notes")).ToBeVisibleAsync();

        Assert.Equal(0, await watched.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth"));
        Assert.Empty(await watched.Page.EvaluateAsync<string[]>(PageChecks.Clipped));
    }

    [RealPartFact("chromium")]
    public async Task EmptyPage_TellsWhatToDo()
    {
        await using var app = await ProgressApp.StartAsync();
        await using var watched = await chromium.OpenAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 360, Height = 740 } });
        await watched.GoToAsync(new Uri(app.Address, "/progress"));

        await Expect(watched.Page.GetByRole(AriaRole.Region, new() { Name = "Nothing is running" })).ToContainTextAsync("TrackProgress");

        Assert.Equal(0, await watched.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth"));
        Assert.Empty(await watched.Page.EvaluateAsync<string[]>(PageChecks.LowContrast));
        await watched.AssertCleanAsync();
    }

    [RealPartFact("chromium")]
    public async Task BusyPage_ForAScreenReader_HasItsOutline()
    {
        await using var app = await ProgressApp.StartAsync(BusyTracker.Make());
        await using var watched = await chromium.OpenAsync();
        await watched.GoToAsync(new Uri(app.Address, "/progress"));
        var page = watched.Page;

        await Expect(page.GetByRole(AriaRole.Main)).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Progress");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "In progress" }).GetByRole(AriaRole.Article)).ToHaveCountAsync(4);
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Recently ended" }).GetByRole(AriaRole.Article)).ToHaveCountAsync(3);
        var catalog = page.GetByRole(AriaRole.Article, new() { Name = "catalog, run" }).First;
        await catalog.Locator("summary").ClickAsync();
        await Expect(catalog.GetByRole(AriaRole.Progressbar, new() { Name = "Stage analyse" })).ToHaveAttributeAsync("aria-valuetext", "34 %, 41 of 120 tasks");
        await Expect(catalog.GetByRole(AriaRole.List, new() { Name = "Milestones" }).GetByRole(AriaRole.Listitem)).ToHaveCountAsync(4);
        await Expect(catalog.GetByRole(AriaRole.Link, new() { Name = "Report of catalog as Markdown" })).ToBeVisibleAsync();
    }
}
