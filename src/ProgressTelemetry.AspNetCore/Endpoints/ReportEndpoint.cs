using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ProgressTelemetry.AspNetCore.Endpoints;

/// <summary>A run's report in the form that was asked for: by <c>?format=</c>, else by <c>Accept</c>, else JSON.</summary>
internal sealed class ReportEndpoint(IRunReader reader)
{
    private static readonly Form[] Forms =
    [
        new("json", "application/json", report => report.ToJson()),
        new("html", "text/html", report => report.ToHtml()),
        new("md", "text/markdown", report => report.ToMarkdown()),
    ];

    public static IEnumerable<string> MediaTypes => Forms.Select(form => form.MediaType);

    public Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        context.Response.Headers.Vary = HeaderNames.Accept;
        Form? form;
        if (request.Query.TryGetValue("format", out var named))
        {
            form = Forms.FirstOrDefault(f => string.Equals(f.Name, named, StringComparison.OrdinalIgnoreCase));
            if (form is null)
            {
                return Body.WriteProblemAsync(context, StatusCodes.Status400BadRequest, "Unknown format", "The format of a report is json, md or html.");
            }
        }
        else
        {
            form = MostWanted(request.GetTypedHeaders().Accept);
            if (form is null)
            {
                return Body.WriteProblemAsync(context, StatusCodes.Status406NotAcceptable, "Not acceptable", "A report is application/json, text/markdown or text/html.");
            }
        }

        if (RunId.Find(context, reader.GetReport) is not { } report)
        {
            return RunId.WriteUnknownAsync(context);
        }

        Body.Prepare(context, $"{form.MediaType}; charset=utf-8");
        ResponseHeaders.ProtectReport(context.Response);
        return Body.WriteAsync(context, Encoding.UTF8.GetBytes(form.Write(report)));
    }

    /// <summary>Content negotiation as in RFC 9110 section 12.5.1: the most specific range decides a type's quality; among equals, the first form.</summary>
    private static Form? MostWanted(IList<MediaTypeHeaderValue> accept)
    {
        if (accept.Count == 0)
        {
            return Forms[0];
        }

        var best = Forms.MaxBy(form => Quality(form, accept))!;
        return Quality(best, accept) > 0 ? best : null;
    }

    private static double Quality(Form form, IEnumerable<MediaTypeHeaderValue> accept)
    {
        var type = new MediaTypeHeaderValue(form.MediaType);
        return accept
            .Where(type.IsSubsetOf)
            .OrderBy(range => range.MatchesAllTypes ? 2 : range.MatchesAllSubTypes ? 1 : 0)
            .Select(range => range.Quality ?? 1)
            .FirstOrDefault();
    }

    private sealed record Form(string Name, string MediaType, Func<ProgressReport, string> Write);
}
