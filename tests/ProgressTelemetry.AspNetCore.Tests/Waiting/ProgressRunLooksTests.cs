using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using ProgressTelemetry.AspNetCore.Tests.Page;
using ProgressTelemetry.TestSupport;
using static Microsoft.Playwright.Assertions;

namespace ProgressTelemetry.AspNetCore.Tests.Waiting;

/// <summary>How the web component looks, and what axe-core says of it. With <c>PROGRESS_SCREENSHOTS</c> naming a folder, its pictures are written there.</summary>
public sealed class ProgressRunLooksTests(Chromium chromium) : IClassFixture<Chromium>
{
    [RealPartTheory("chromium")]
    [InlineData("progress-run", 640, ColorScheme.Light, "")]
    [InlineData("progress-run-dark", 640, ColorScheme.Dark, "")]
    [InlineData("progress-run-rtl", 640, ColorScheme.Light, "&dir=rtl")]
    [InlineData("progress-run-phone", 320, ColorScheme.Light, "&lang=de&title=Ihr Import")]
    public async Task Component_EachWidthAndScheme_IsReadableAndStill(string name, int width, ColorScheme scheme, string query)
    {
        var clock = new ManualTimeProvider();
        await using var app = await WaitingApp.StartAsync(Busy(clock), configure: ShopPage.Map);
        var token = app.Tokens.ForRun("mine", TimeSpan.FromHours(1), ProgressDetails.Default | ProgressDetails.Stages);
        await using var watched = await ShopPage.OpenAsync(chromium, app, $"/progress/live/{token}", query, new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 300 },
            DeviceScaleFactor = 2,
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
        });
        var page = watched.Page;
        await Expect(page.Locator(".percent")).ToBeVisibleAsync();
        await page.Locator("summary").ClickAsync();
        await Expect(page.Locator("li")).ToHaveCountAsync(3);

        Assert.Equal(0, await page.EvaluateAsync<int>("document.querySelector('progress-run').shadowRoot.getAnimations().length"));
        Assert.Equal(0, await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth"));
        var (bar, fill) = (await page.Locator(".bar").First.BoundingBoxAsync(), await page.Locator(".fill").First.BoundingBoxAsync());
        Assert.InRange(fill!.Width, bar!.Width * .4, bar.Width * .8);
        var percent = await page.Locator(".percent").BoundingBoxAsync();
        if (query.Contains("rtl", StringComparison.Ordinal))
        {
            Assert.Equal(bar.X + bar.Width, fill.X + fill.Width, tolerance: 1);
            Assert.Equal(bar.X, percent!.X, tolerance: 1);
        }
        else
        {
            Assert.Equal(bar.X, fill.X, tolerance: 1);
            Assert.Equal(bar.X + bar.Width, percent!.X + percent.Width, tolerance: 1);
        }

        Assert.Empty((await page.RunAxe()).Violations.Select(v => $"{v.Id}: {v.Help} {string.Join("; ", v.Nodes.Select(n => n.Html))}"));
        await watched.AssertCleanAsync();

        if (Environment.GetEnvironmentVariable("PROGRESS_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png") });
        }
    }

    /// <summary>An import in the middle of its second stage, with a forecast.</summary>
    private static ProgressTracker Busy(ManualTimeProvider clock)
    {
        var tracker = new ProgressTracker(timeProvider: clock);
        var run = tracker.StartWorkflow("import", new WorkflowRunOptions
        {
            RunId = "mine",
            Stages = [new PlannedStage("Read the file", 20), new PlannedStage("Check the prices", 60), new PlannedStage("Publish", 20)],
        });
        Work(run.StartStage("Read the file"), clock, 20).Complete();
        Work(run.StartStage("Check the prices"), clock, 38);
        return tracker;
    }

    private static WorkflowStage Work(WorkflowStage stage, ManualTimeProvider clock, int tasks)
    {
        for (var i = 0; i < tasks; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(i % 3 == 0 ? 9 : 5));
            stage.CompleteTask();
        }

        return stage;
    }
}
