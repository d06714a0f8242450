using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ProgressTelemetry.AspNetCore.Endpoints;

/// <summary>The run that a path names.</summary>
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

    private static string Of(HttpContext context) => (string)context.GetRouteValue("id")!;
}
