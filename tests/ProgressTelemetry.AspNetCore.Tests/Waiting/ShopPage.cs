using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using ProgressTelemetry.AspNetCore.Tests.Page;

namespace ProgressTelemetry.AspNetCore.Tests.Waiting;

/// <summary>An application's own page with the web component in it, under a policy that allows next to nothing.</summary>
internal static class ShopPage
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    /// <summary>Serves the page at <c>/shop</c>: <c>?src=</c> is what the component shows, <c>?lang=</c> and <c>?dir=</c> are the page's.</summary>
    public static void Map(WebApplication app) => app.MapGet("/shop", context =>
    {
        string Of(string name, string otherwise) => System.Net.WebUtility.HtmlEncode(context.Request.Query.TryGetValue(name, out var value) ? value.ToString() : otherwise);
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.ContentSecurityPolicy = Policy;
        return context.Response.WriteAsync($"""
            <!doctype html>
            <html lang="{Of("lang", "en")}" dir="{Of("dir", "ltr")}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <meta name="color-scheme" content="light dark">
            <title>Shop</title>
            <script type="module" src="/progress/progress-run.js"></script>
            </head>
            <body><main><h1>{Of("title", "Your import")}</h1><progress-run src="{Of("src", "")}"></progress-run></main></body>
            </html>
            """);
    });

    public static async Task<WatchedPage> OpenAsync(Chromium chromium, WaitingApp app, string source, string query = "", BrowserNewContextOptions? options = null)
    {
        var watched = await chromium.OpenAsync(options);
        await watched.Page.GotoAsync(new Uri(app.App.Address, $"/shop?src={Uri.EscapeDataString(source)}{query}").AbsoluteUri);
        await watched.Page.EvaluateAsync("""
            window.heard = [];
            for (const kind of ["progress", "ended"]) {
              document.querySelector("progress-run").addEventListener(kind, (e) => window.heard.push(`${kind} ${e.detail.state}`));
            }
            """);
        return watched;
    }
}
