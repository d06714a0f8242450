using Microsoft.Playwright;
using ProgressTelemetry.AspNetCore.Tests.Support;
using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.AspNetCore.Tests.Page;

/// <summary>One real browser for all tests of the page; started by the first that needs it.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private readonly Lazy<Task<(IPlaywright Driver, IBrowser Browser)>> _started = new(StartAsync);

    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>A page in a profile of its own, watched for everything that must not happen on it.</summary>
    internal async Task<WatchedPage> OpenAsync(BrowserNewContextOptions? options = null)
    {
        var (_, browser) = await _started.Value;
        options ??= new BrowserNewContextOptions();
        options.Locale = "en-US";
        options.TimezoneId = "UTC";
        return await WatchedPage.OpenAsync(await browser.NewContextAsync(options));
    }

    public async Task DisposeAsync()
    {
        if (_started.IsValueCreated)
        {
            var (driver, browser) = await _started.Value;
            await browser.DisposeAsync();
            driver.Dispose();
        }
    }

    private static async Task<(IPlaywright Driver, IBrowser Browser)> StartAsync()
    {
        Assertions.SetDefaultExpectTimeout((float)Eventually.Limit.TotalMilliseconds);
        var driver = await Playwright.CreateAsync();
        var browser = await driver.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = RealParts.FindProgram("chromium"),
            Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update", "--no-first-run"],
        });
        return (driver, browser);
    }
}
