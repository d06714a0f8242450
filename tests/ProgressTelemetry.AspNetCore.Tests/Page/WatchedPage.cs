using ProgressTelemetry.TestSupport;
using System.Collections.Concurrent;
using Microsoft.Playwright;
using ProgressTelemetry.AspNetCore.Tests.Support;

namespace ProgressTelemetry.AspNetCore.Tests.Page;

/// <summary>A browser's page that remembers each error, policy violation, dialog and request to elsewhere.</summary>
internal sealed class WatchedPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _faults = new();

    private WatchedPage(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
    }

    public IPage Page { get; }

    /// <summary>What went wrong so far; network errors are told apart, since some tests cut the connection.</summary>
    public IReadOnlyList<string> Faults => [.. _faults];

    public static async Task<WatchedPage> OpenAsync(IBrowserContext context)
    {
        context.SetDefaultTimeout((float)Eventually.Limit.TotalMilliseconds);
        var watched = new WatchedPage(context, await context.NewPageAsync());
        var page = watched.Page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning" && !message.Text.Contains("net::ERR_", StringComparison.Ordinal))
            {
                watched._faults.Enqueue($"console {message.Type}: {message.Text}");
            }
        };
        page.PageError += (_, error) => watched._faults.Enqueue($"uncaught: {error}");
        page.Dialog += async (_, dialog) =>
        {
            watched._faults.Enqueue($"dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };
        await page.AddInitScriptAsync("""
            window.violations = [];
            document.addEventListener("securitypolicyviolation", (e) => window.violations.push(`${e.violatedDirective}: ${e.blockedURI}`));
            """);
        return watched;
    }

    public async Task GoToAsync(Uri address)
    {
        Page.Request += (_, request) =>
        {
            if (new Uri(request.Url).Authority != address.Authority)
            {
                _faults.Enqueue($"request to {request.Url}");
            }
        };
        await Page.GotoAsync(address.AbsoluteUri, new PageGotoOptions { WaitUntil = WaitUntilState.DOMContentLoaded });
        await Page.WaitForSelectorAsync("#connection[data-state=live]");
    }

    public async Task AssertCleanAsync()
    {
        Assert.Empty(Faults);
        Assert.Empty(await Page.EvaluateAsync<string[]>("window.violations"));
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
