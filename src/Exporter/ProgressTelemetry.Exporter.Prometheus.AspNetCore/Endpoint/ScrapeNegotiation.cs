using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using ProgressTelemetry.Exporter.Prometheus.Naming;

namespace ProgressTelemetry.Exporter.Prometheus.Endpoint;

/// <summary>Reads what a scraper asks for in its headers. See https://prometheus.io/docs/instrumenting/content_negotiation/.</summary>
internal static class ScrapeNegotiation
{
    /// <summary>The format that the client weighs highest among those that there are; of equal ones, the first.</summary>
    public static ScrapeFormat Format(StringValues accept)
    {
        var best = ScrapeFormat.Default;
        var bestQuality = 0.0;
        if (MediaTypeHeaderValue.TryParseList(accept, out var ranges))
        {
            foreach (var range in ranges)
            {
                var quality = range.Quality ?? 1;
                if (quality > bestQuality && Match(range) is { } format)
                {
                    best = format;
                    bestQuality = quality;
                }
            }
        }

        return best;
    }

    /// <summary>Whether the client would rather have the response compressed with gzip.</summary>
    public static bool Gzip(StringValues acceptEncoding)
    {
        if (!StringWithQualityHeaderValue.TryParseList(acceptEncoding, out var codings))
        {
            return false;
        }

        double? gzip = null, identity = null, any = null;
        foreach (var coding in codings)
        {
            var quality = coding.Quality ?? 1;
            if (coding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) || coding.Value.Equals("x-gzip", StringComparison.OrdinalIgnoreCase))
            {
                gzip = quality;
            }
            else if (coding.Value.Equals("identity", StringComparison.OrdinalIgnoreCase))
            {
                identity = quality;
            }
            else if (coding.Value == "*")
            {
                any = quality;
            }
        }

        var weight = gzip ?? any ?? 0;
        return weight > 0 && weight >= (identity ?? 0);
    }

    /// <summary>
    /// How long a scrape may take: a little less than the scraper will wait, so that an answer reaches it in time; the limit when it doesn't say or would wait longer.
    /// </summary>
    public static TimeSpan Timeout(IHeaderDictionary headers, TimeSpan limit)
    {
        var text = headers["X-Prometheus-Scrape-Timeout-Seconds"].ToString();
        return double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var seconds)
            && seconds > 0 && seconds - Margin(seconds) < limit.TotalSeconds
            ? TimeSpan.FromMilliseconds(Math.Max(1, (seconds - Margin(seconds)) * 1000))
            : limit;
    }

    private static double Margin(double seconds) => Math.Min(0.5, seconds / 10);

    private static ScrapeFormat? Match(MediaTypeHeaderValue range)
    {
        if (range.MediaType.Equals("application/vnd.google.protobuf", StringComparison.OrdinalIgnoreCase))
        {
            return Parameter(range, "proto") == "io.prometheus.client.MetricFamily" && Parameter(range, "encoding") is "delimited" or null
                ? WithEscaping(ScrapeFormatKind.Protobuf, "", range)
                : null;
        }

        var version = Parameter(range, "version");
        if (range.MediaType.Equals("application/openmetrics-text", StringComparison.OrdinalIgnoreCase))
        {
            return version switch
            {
                null or "1.0.0" => WithEscaping(ScrapeFormatKind.OpenMetrics, "1.0.0", range),
                "0.0.1" => new(ScrapeFormatKind.OpenMetrics, version, EscapingScheme.Underscores, NamesEscaping: false),
                _ => null,
            };
        }

        if (range.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase))
        {
            return version switch
            {
                "1.0.0" => WithEscaping(ScrapeFormatKind.Text, version, range),
                null or "0.0.4" => ScrapeFormat.Default,
                _ => null,
            };
        }

        return range.MatchesAllTypes || range.MediaType.Equals("text/*", StringComparison.OrdinalIgnoreCase) ? ScrapeFormat.Default : null;
    }

    private static ScrapeFormat WithEscaping(ScrapeFormatKind kind, string version, MediaTypeHeaderValue range)
    {
        EscapingScheme? scheme = Parameter(range, "escaping")?.ToUpperInvariant() switch
        {
            // Prometheus sends the first; its documentation has had the second.
            "ALLOW-UTF-8" or "ALLOW-UTF8" => EscapingScheme.AllowUtf8,
            "UNDERSCORES" => EscapingScheme.Underscores,
            "DOTS" => EscapingScheme.Dots,
            "VALUES" => EscapingScheme.Values,
            _ => null,
        };

        // A text format of version 1.0.0 must say how it escapes; protobuf says so when asked.
        return new(kind, version, scheme ?? EscapingScheme.Underscores, NamesEscaping: scheme is not null || kind != ScrapeFormatKind.Protobuf);
    }

    private static string? Parameter(MediaTypeHeaderValue range, string name)
    {
        foreach (var parameter in range.Parameters)
        {
            if (parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return HeaderUtilities.RemoveQuotes(parameter.Value).ToString();
            }
        }

        return null;
    }
}
