namespace ProgressTelemetry.Benchmarks.Peers;

/// <summary>A format that a scraper asks for.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Accept">How it is asked for.</param>
/// <param name="MediaType">What an answer in it says it is.</param>
/// <param name="Created">Whether this exporter is to write <c>_created</c> too, as the official one always does in OpenMetrics: twice the lines of a counter.</param>
internal sealed record ScrapeFormat(string Name, string Accept, string MediaType, bool Created = false)
{
    public static ScrapeFormat Text { get; } = new("text", "text/plain;version=0.0.4", "text/plain");

    public static ScrapeFormat OpenMetrics { get; } = new("OpenMetrics", "application/openmetrics-text;version=1.0.0", "application/openmetrics-text");

    public static ScrapeFormat OpenMetricsWithCreated { get; } = OpenMetrics with { Name = "OpenMetrics, both with `_created`", Created = true };

    public static ScrapeFormat Protobuf { get; } = new(
        "protobuf", "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited", "application/vnd.google.protobuf");

    public static IReadOnlyList<ScrapeFormat> All { get; } = [Text, OpenMetrics, OpenMetricsWithCreated, Protobuf];
}
