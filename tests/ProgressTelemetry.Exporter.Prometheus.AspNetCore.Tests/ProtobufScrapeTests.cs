using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;
using ProgressTelemetry.Exporter.Prometheus.Tests.Fuzz;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.Exporter.Prometheus.Tests;

/// <summary>What only the protobuf format has.</summary>
public sealed class ProtobufScrapeTests
{
    private const int Schema = 5;
    private const int PositiveSpan = 12;
    private const int PositiveDelta = 13;

    [Theory]
    [InlineData(new[] { double.PositiveInfinity })]
    [InlineData(new[] { 1, double.PositiveInfinity, double.PositiveInfinity })]
    [InlineData(new[] { 1e-300, 1e-200, 1e200, double.MaxValue, double.PositiveInfinity })]
    [InlineData(new[] { 0, double.MaxValue, double.PositiveInfinity })]
    public async Task Scrape_NativeHistogramOfInfiniteValues_HasThemInTheOverflowBucket(double[] values)
    {
        var histogram = await ScrapeAsync(values);

        // The bucket after the one of the largest number, by the specification of native histograms.
        var scale = (int)histogram.ZigZagged(Schema);
        Assert.InRange(scale, -4, 8);
        var overflow = (long)Math.Pow(2, 10 + scale) + 1;
        var end = histogram.Messages(PositiveSpan).Sum(span => span.ZigZagged(1) + (long)span.Number(2));
        Assert.Equal(overflow + 1, end);
        Assert.Equal(values.Count(double.IsPositiveInfinity), histogram.PackedZigZagged(PositiveDelta).Sum());
        Assert.Equal((ulong)values.Length, histogram.Number(1));
        Assert.Equal(double.PositiveInfinity, histogram.Fraction(2));
    }

    [Fact]
    public async Task Scrape_NativeHistogramOfNoNumber_CountsItInNoBucket()
    {
        var histogram = await ScrapeAsync([1, double.NaN, double.PositiveInfinity]);

        Assert.Equal(1UL, histogram.Messages(PositiveSpan).Single().Number(2));
        Assert.Equal(1, histogram.PackedZigZagged(PositiveDelta).Single());
        Assert.Equal(3UL, histogram.Number(1));
        Assert.Equal(double.NaN, histogram.Fraction(2));
    }

    [Fact]
    public async Task Scrape_HistogramWithoutSum_HasNoNumberForIt()
    {
        await using var host = await ScrapeHost.StartAsync();
        host.Meter().CreateHistogram<double>("d", null, null, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0] }).Record(-1);
        Assert.Equal(double.NaN, (await HistogramAsync(host)).Fraction(2));
    }

    private static async Task<ProtobufMessage> ScrapeAsync(double[] values)
    {
        await using var host = await ScrapeHost.StartAsync(metrics: metrics => metrics.AddView("d", new Base2ExponentialBucketHistogramConfiguration()));
        Array.ForEach(values, host.Meter().CreateHistogram<double>("d").Record);
        return await HistogramAsync(host);
    }

    private static async Task<ProtobufMessage> HistogramAsync(ScrapeHost host)
    {
        using var response = await host.SendAsync("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited");
        return ProtobufMessage.Delimited(await response.Content.ReadAsByteArrayAsync()).Single().Messages(4).Single().Messages(7).Single();
    }
}
