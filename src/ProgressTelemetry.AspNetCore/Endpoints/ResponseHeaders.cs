using Microsoft.AspNetCore.Http;

namespace ProgressTelemetry.AspNetCore.Endpoints;

/// <summary>The headers that keep a response from being taken for something it is not. A policy that the application has set already stays.</summary>
internal static class ResponseHeaders
{
    private const string PagePolicy = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    /// <summary>A report is one document with its own styles: nothing in it may run or be loaded.</summary>
    private const string ReportPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    public static void Protect(HttpResponse response)
    {
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "same-origin";
    }

    public static void ProtectPage(HttpResponse response) => Protect(response, PagePolicy);

    public static void ProtectReport(HttpResponse response) => Protect(response, ReportPolicy);

    private static void Protect(HttpResponse response, string policy)
    {
        Protect(response);
        if (response.Headers.ContentSecurityPolicy.Count == 0)
        {
            response.Headers.ContentSecurityPolicy = policy;
        }
    }
}
