using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;

namespace ProgressTelemetry.AspNetCore.Endpoints;

/// <summary>
/// The page. Its links are relative, so that it works behind any path base or proxy; relative to what depends on whether it was asked for with a slash at the end, so they are made for each request.
/// </summary>
internal static class PageEndpoint
{
    internal const string FileName = "index.html";

    private static readonly string Html = Encoding.UTF8.GetString(PageAsset.Read(FileName));

    public static Task HandleAsync(HttpContext context)
    {
        ResponseHeaders.ProtectPage(context.Response);
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
        var html = Html.Replace("{base}", HtmlEncoder.Default.Encode(Base(context.Request)), StringComparison.Ordinal);
        return Body.WriteAsync(context, Encoding.UTF8.GetBytes(html));
    }

    /// <summary>Empty for <c>/progress/</c>; for <c>/progress</c>, <c>./progress/</c>, since a browser resolves links against its parent.</summary>
    private static string Base(HttpRequest request)
    {
        var path = request.PathBase.Add(request.Path).ToUriComponent();
        var last = path[(path.LastIndexOf('/') + 1)..];
        // The dot keeps a segment with a colon from reading as a scheme.
        return last.Length == 0 ? "" : $"./{last}/";
    }
}
