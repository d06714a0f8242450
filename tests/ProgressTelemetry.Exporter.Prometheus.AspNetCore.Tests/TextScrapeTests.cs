using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Xunit;

namespace ProgressTelemetry.Exporter.Prometheus.Tests;

public sealed class TextScrapeTests
{
    private const string OpenMetrics = "application/openmetrics-text;version=1.0.0";

    [Fact]
    public async Task Scrape_CounterWithTags_IsWrittenInText()
    {
        await using var host = await ScrapeHost.StartAsync();
        var counter = host.Meter("m", "1.2").CreateCounter<long>("workflow.stage.tasks", "{task}", "Tasks that ended.");
        counter.Add(3, new("workflow.name", "a \"b\"\\c\nd"), new("workflow.task.result", "success"));

        Assert.Equal(
            """
            # TYPE workflow_stage_tasks_total counter
            # HELP workflow_stage_tasks_total Tasks that ended.
            workflow_stage_tasks_total{otel_scope_name="m",otel_scope_version="1.2",workflow_name="a \"b\"\\c\nd",workflow_task_result="success"} 3

            """,
            await host.ScrapeAsync());
    }

    [Fact]
    public async Task Scrape_CounterWithTags_IsWrittenInOpenMetrics()
    {
        await using var host = await ScrapeHost.StartAsync(resource: r => r.AddAttributes([new("service.name", "shop")]));
        host.Meter("m").CreateCounter<double>("wall.time", "s", "Time \"spent\".").Add(1.5);

        Assert.Equal(
            """
            # TYPE target info
            # HELP target Target metadata
            target_info{service_name="shop"} 1
            # TYPE wall_time_seconds counter
            # UNIT wall_time_seconds seconds
            # HELP wall_time_seconds Time \"spent\".
            wall_time_seconds_total{otel_scope_name="m"} 1.5
            # EOF

            """,
            await host.ScrapeAsync(OpenMetrics));
    }

    [Theory]
    [InlineData(null, "1", "10")]
    [InlineData(OpenMetrics, "1.0", "10.0")]
    public async Task Scrape_Histogram_HasCumulativeBuckets(string? accept, string one, string ten)
    {
        await using var host = await ScrapeHost.StartAsync(options => options.ScopeLabels = false);
        var histogram = host.Meter().CreateHistogram<double>("d", "s", null, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1, 10] });
        histogram.Record(0.5, new KeyValuePair<string, object?>("a", 1));
        histogram.Record(0.75, new KeyValuePair<string, object?>("a", 1));
        histogram.Record(100, new KeyValuePair<string, object?>("a", 1));

        Assert.Contains(
            $$"""
            d_seconds_bucket{a="1",le="0.5"} 1
            d_seconds_bucket{a="1",le="{{one}}"} 2
            d_seconds_bucket{a="1",le="{{ten}}"} 2
            d_seconds_bucket{a="1",le="+Inf"} 3
            d_seconds_sum{a="1"} 101.25
            d_seconds_count{a="1"} 3

            """,
            await host.ScrapeAsync(accept));
    }

    [Fact]
    public async Task Scrape_HistogramWithoutLabels_HasNoEmptyBraces()
    {
        await using var host = await ScrapeHost.StartAsync(options => options.ScopeLabels = false);
        host.Meter().CreateHistogram<long>("d", null, null, null, new InstrumentAdvice<long> { HistogramBucketBoundaries = [1] }).Record(1);

        Assert.Equal("# TYPE d histogram\nd_bucket{le=\"1\"} 1\nd_bucket{le=\"+Inf\"} 1\nd_sum 1\nd_count 1\n", await host.ScrapeAsync());
    }

    [Fact]
    public async Task Scrape_HistogramOfNegativeValues_HasNoSum()
    {
        await using var host = await ScrapeHost.StartAsync(options => options.ScopeLabels = false);
        var histogram = host.Meter().CreateHistogram<double>("d", null, null, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0] });
        histogram.Record(5);
        Assert.Contains("d_sum 5\n", await host.ScrapeAsync());
        histogram.Record(-1);
        Assert.Equal("# TYPE d histogram\nd_bucket{le=\"0\"} 1\nd_bucket{le=\"+Inf\"} 2\nd_count 2\n", await host.ScrapeAsync());
    }

    [Fact]
    public async Task Scrape_HistogramOfNegativeValuesInOpenMetrics_HasNeitherSumNorCount()
    {
        await using var host = await ScrapeHost.StartAsync(options => options.ScopeLabels = false);
        var histogram = host.Meter().CreateHistogram<double>("d", null, null, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0] });
        histogram.Record(5);
        histogram.Record(-1);
        Assert.Equal("# TYPE d histogram\nd_bucket{le=\"0.0\"} 1\nd_bucket{le=\"+Inf\"} 2\n# EOF\n", await host.ScrapeAsync(OpenMetrics));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Scrape_HistogramWithANegativeBound_HasNoSum(bool recordMinMax)
    {
        await using var host = await ScrapeHost.StartAsync(
            options => options.ScopeLabels = false,
            metrics => metrics.AddView("d", new ExplicitBucketHistogramConfiguration { Boundaries = [-1, 1], RecordMinMax = recordMinMax }));
        var histogram = host.Meter().CreateHistogram<double>("d");
        histogram.Record(5);
        Assert.Equal("# TYPE d histogram\nd_bucket{le=\"-1\"} 0\nd_bucket{le=\"1\"} 0\nd_bucket{le=\"+Inf\"} 1\nd_count 1\n", await host.ScrapeAsync());
        histogram.Record(-2);
        Assert.DoesNotContain("d_sum", await host.ScrapeAsync());
    }

    [Fact]
    public async Task Scrape_ExponentialHistogramOfTheLargestNumber_HasOneInfiniteBucket()
    {
        await using var host = await ScrapeHost.StartAsync(options => options.ScopeLabels = false, metrics => metrics.AddView("d", new Base2ExponentialBucketHistogramConfiguration()));
        var histogram = host.Meter().CreateHistogram<double>("d");
        histogram.Record(double.MaxValue);
        Assert.Equal(
            "# TYPE d histogram\nd_bucket{le=\"1.7976931348623157E+308\"} 1\nd_bucket{le=\"+Inf\"} 1\nd_sum 1.7976931348623157E+308\nd_count 1\n",
            await host.ScrapeAsync());
        histogram.Record(double.PositiveInfinity);
        Assert.Equal(
            "# TYPE d histogram\nd_bucket{le=\"1.7976931348623157E+308\"} 1\nd_bucket{le=\"+Inf\"} 2\nd_sum +Inf\nd_count 2\n",
            await host.ScrapeAsync());
    }

    [Fact]
    public async Task Scrape_UpDownCounterAndGauge_AreGauges()
    {
        await using var host = await ScrapeHost.StartAsync(options => options.ScopeLabels = false);
        var meter = host.Meter();
        meter.CreateUpDownCounter<long>("active", "{run}").Add(-2);
        meter.CreateGauge<double>("completion.ratio", "1").Record(0.25);

        Assert.Equal("# TYPE active gauge\nactive -2\n# TYPE completion_ratio gauge\ncompletion_ratio 0.25\n", await host.ScrapeAsync());
    }

    [Fact]
    public async Task Scrape_Again_SeesLaterUpdates()
    {
        await using var host = await ScrapeHost.StartAsync(options => options.ScopeLabels = false);
        var counter = host.Meter().CreateCounter<long>("c");
        for (var i = 1; i < 100; i++)
        {
            counter.Add(1);
            Assert.Equal($"# TYPE c_total counter\nc_total {i}\n", await host.ScrapeAsync());
        }
    }

    [Fact]
    public async Task Scrape_NothingRecorded_IsEmpty()
    {
        await using var host = await ScrapeHost.StartAsync();
        Assert.Equal("", await host.ScrapeAsync());
        Assert.Equal("# EOF\n", await host.ScrapeAsync(OpenMetrics));
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    [InlineData(-0.0, "-0")]
    [InlineData(0.1, "0.1")]
    [InlineData(1e300, "1E+300")]
    [InlineData(9007199254740993, "9007199254740992")]
    [InlineData(double.Epsilon, "5E-324")]
    public async Task Scrape_DoubleGauge_RoundTrips(double value, string text)
    {
        await using var host = await ScrapeHost.StartAsync(options => options.ScopeLabels = false);
        host.Meter().CreateGauge<double>("g").Record(value);
        Assert.Equal($"# TYPE g gauge\ng {text}\n", await host.ScrapeAsync());
    }
}
