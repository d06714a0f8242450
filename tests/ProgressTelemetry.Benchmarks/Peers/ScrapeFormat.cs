namespace ProgressTelemetry.Benchmarks.Peers;

/// <summary>A format that a scraper asks for.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Accept">How it is asked for.</param>
/// <param name="MediaType">What an answer in it says it is.</param>
internal sealed record ScrapeFormat(string Name, string Accept, string MediaType)
{
    public static ScrapeFormat Text { get; } = new("text", "text/plain;version=0.0.4", "text/plain");

    public static ScrapeFormat OpenMetrics { get; } = new("OpenMetrics", "application/openmetrics-text;version=1.0.0", "application/openmetrics-text");

    public static ScrapeFormat Protobuf { get; } = new(
        "protobuf", "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited", "application/vnd.google.protobuf");

    public static IReadOnlyList<ScrapeFormat> All { get; } = [Text, OpenMetrics, Protobuf];
}
