using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ProgressTelemetry.AspNetCore.Endpoints;

/// <summary>A file of the page, embedded in the assembly. Browsers keep it and ask whether it is still the same.</summary>
internal sealed class PageAsset
{
    private const string ComponentName = "progress-run.js";

    private readonly byte[] _bytes;
    private readonly EntityTagHeaderValue _tag;

    private PageAsset(string name)
    {
        Name = name;
        _bytes = Read(name);
        _tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(_bytes).AsSpan(0, 12))}\"");
    }

    /// <summary>Every file of the page but the page itself.</summary>
    public static IReadOnlyList<PageAsset> All { get; } =
        [.. typeof(PageAsset).Assembly.GetManifestResourceNames().Except([PageEndpoint.FileName, SchemaEndpoint.FileName, ComponentName], StringComparer.Ordinal).Select(name => new PageAsset(name))];

    /// <summary>The web component for an application's own pages.</summary>
    public static PageAsset Component { get; } = new(ComponentName);

    public string Name { get; }

    public Task HandleAsync(HttpContext context)
    {
        var response = context.Response;
        ResponseHeaders.ProtectPage(response);
        var headers = response.GetTypedHeaders();
        headers.ETag = _tag;
        headers.CacheControl = new CacheControlHeaderValue { NoCache = true };
        if (context.Request.GetTypedHeaders().IfNoneMatch.Any(tag => tag.Compare(_tag, useStrongComparison: false) || tag.Equals(EntityTagHeaderValue.Any)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = ContentType(Name);
        return Body.WriteAsync(context, _bytes);
    }

    internal static byte[] Read(string name)
    {
        using var resource = typeof(PageAsset).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The page's file '{name}' is missing from the assembly.");
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }

    private static string ContentType(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        var other => throw new InvalidOperationException($"The page has no media type for '{other}' files."),
    };
}
