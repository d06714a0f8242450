using Microsoft.AspNetCore.Http;
using ProgressTelemetry.Exporter.Prometheus.Endpoint;
using Xunit;

namespace ProgressTelemetry.Exporter.Prometheus.Tests;

public sealed class NegotiationTests
{
    private const string Text = "text/plain; version=0.0.4; charset=utf-8";
    private const string Text1 = "text/plain; version=1.0.0; charset=utf-8; escaping=";
    private const string OpenMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=";
    private const string Protobuf = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";
    private const string ProtobufRange = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

    [Theory]
    [InlineData(null, Text)]
    [InlineData("", Text)]
    [InlineData("*/*", Text)] // curl
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Text)] // a browser
    [InlineData("application/json", Text)]
    [InlineData("text/plain", Text)]
    [InlineData("text/*;q=0.5", Text)]
    [InlineData("text/plain;version=0.0.4;q=0.5,application/openmetrics-text;q=0.4", Text)]
    [InlineData("application/openmetrics-text;q=0,text/plain;q=0.1", Text)]
    [InlineData("application/openmetrics-text;version=2.0.0,text/plain;q=0.1", Text)]
    [InlineData("application/vnd.google.protobuf;proto=other,text/plain;q=0.1", Text)]
    [InlineData("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text,text/plain;q=0.1", Text)]
    [InlineData("this is not an accept header", Text)]
    [InlineData("application/openmetrics-text", OpenMetrics + "underscores")]
    [InlineData("text/plain;q=0.5, application/openmetrics-text; version=\"1.0.0\"", OpenMetrics + "underscores")]
    [InlineData("APPLICATION/OpenMetrics-Text;Version=1.0.0", OpenMetrics + "underscores")]
    [InlineData("application/openmetrics-text;version=0.0.1,text/plain;q=0.5", "application/openmetrics-text; version=0.0.1; charset=utf-8")]
    [InlineData("text/plain;version=1.0.0", Text1 + "underscores")]
    [InlineData("text/plain;version=1.0.0;escaping=values", Text1 + "values")]
    [InlineData("text/plain;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.4", Text1 + "allow-utf-8")]
    [InlineData(ProtobufRange, Protobuf)]
    [InlineData(ProtobufRange + ";escaping=allow-utf-8", Protobuf + "; escaping=allow-utf-8")]
    [InlineData("application/openmetrics-text;version=1.0.0;escaping=allow-utf8", OpenMetrics + "allow-utf-8")]
    [InlineData("application/openmetrics-text;version=1.0.0;escaping=dots", OpenMetrics + "dots")]
    [InlineData("application/openmetrics-text;version=1.0.0;escaping=nonsense", OpenMetrics + "underscores")]

    // Prometheus 2.42, without and with native histograms.
    [InlineData("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", OpenMetrics + "underscores")]
    [InlineData(ProtobufRange + ",application/openmetrics-text;version=1.0.0;q=0.8,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", Protobuf)]

    // Prometheus 2.49 to 2.55, likewise.
    [InlineData("application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2", OpenMetrics + "underscores")]
    [InlineData(ProtobufRange + ";q=0.5,application/openmetrics-text;version=1.0.0;q=0.4,application/openmetrics-text;version=0.0.1;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1", Protobuf)]

    // Prometheus 3.0.
    [InlineData("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;escaping=allow-utf-8;q=0.3,*/*;q=0.2", OpenMetrics + "allow-utf-8")]

    // Later ones, which name an escaping for the text formats of version 1.0.0 only; likewise, and with other settings of metric_name_escaping_scheme and scrape_protocols.
    [InlineData("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2", OpenMetrics + "allow-utf-8")]
    [InlineData(ProtobufRange + ";q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1", Protobuf)]
    [InlineData("application/openmetrics-text;version=1.0.0;escaping=underscores;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=underscores;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2", OpenMetrics + "underscores")]
    [InlineData("text/plain;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.5,*/*;q=0.4", Text1 + "allow-utf-8")]
    public void Format_AcceptHeader_GivesContentType(string? accept, string contentType) =>
        Assert.Equal(contentType, ScrapeNegotiation.Format(accept).ContentType);

    [Theory]
    [InlineData(null, false)]
    [InlineData("gzip", true)]
    [InlineData("deflate, GZip;q=0.5", true)]
    [InlineData("gzip;q=0", false)]
    [InlineData("*", true)]
    [InlineData("*;q=0", false)]
    [InlineData("identity, gzip;q=0.5", false)]
    [InlineData("br", false)]
    [InlineData("????", false)]
    public void Gzip_AcceptEncodingHeader_IsHonoured(string? acceptEncoding, bool gzip) =>
        Assert.Equal(gzip, ScrapeNegotiation.Gzip(acceptEncoding));

    [Theory]
    [InlineData(null, 30)]
    [InlineData("10", 9.5)]
    [InlineData("0.5", 0.45)]
    [InlineData("3.000000", 2.7)]
    [InlineData("30", 29.5)]
    [InlineData("30.4", 29.9)]
    [InlineData("100", 30)]
    [InlineData("0", 30)]
    [InlineData("-1", 30)]
    [InlineData("NaN", 30)]
    [InlineData("1e-9", 0.001)]
    [InlineData("soon", 30)]
    public void Timeout_ScrapersHeader_ShortensOnly(string? header, double seconds)
    {
        var headers = new HeaderDictionary();
        if (header is not null)
        {
            headers["X-Prometheus-Scrape-Timeout-Seconds"] = header;
        }

        Assert.Equal(TimeSpan.FromSeconds(seconds), ScrapeNegotiation.Timeout(headers, TimeSpan.FromSeconds(30)));
    }
}
