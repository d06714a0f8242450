using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ProgressTelemetry.AspNetCore.Endpoints;

/// <summary>
/// The run that a path names: its id, percent-encoded. The ids <c>.</c> and <c>..</c> would be taken for steps in the path, encoded or not, so they are written with a <c>~</c> before them, and so are those that look like that:
/// <c>~.</c> is <c>~~.</c>.
/// </summary>
internal static class RunId
{
    private const string EncodedSlash = "%2F";

    /// <summary>Looks the path's run up. A server decodes all of a path but its slashes, so an id that has them arrives with <c>%2F</c> in it.</summary>
    public static T? Find<T>(HttpContext context, Func<string, T?> lookUp)
        where T : class
    {
        var id = Of(context);
        return lookUp(id) ?? (id.Contains(EncodedSlash, StringComparison.OrdinalIgnoreCase)
            ? lookUp(id.Replace(EncodedSlash, "/", StringComparison.OrdinalIgnoreCase))
            : null);
    }

    public static Task WriteUnknownAsync(HttpContext context) =>
        Body.WriteProblemAsync(context, StatusCodes.Status404NotFound, "Run not found", $"No run with the id '{Of(context)}' is live or ended recently.");

    private static string Of(HttpContext context)
    {
        var id = (string)context.GetRouteValue("id")!;
        return id.StartsWith('~') && (id.TrimStart('~') is "." or "..") ? id[1..] : id;
    }
}
