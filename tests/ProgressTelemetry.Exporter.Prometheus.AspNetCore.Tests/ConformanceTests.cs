using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Xunit;

namespace ProgressTelemetry.Exporter.Prometheus.Tests;

/// <summary>The rows of the README's table that names alone do not settle.</summary>
public sealed class ConformanceTests
{
    private const string OpenMetrics = "application/openmetrics-text;version=1.0.0";
    private const string Utf8 = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8";

    [Fact]
    public async Task Scope_NameVersionSchemaAndTags_AreLabels()
    {
        await using var host = await ScrapeHost.StartAsync();
        var meter = host.Meter("m", "2", [new("tier", "gold"), new("name", "dropped"), new("version", "dropped"), new("schema_url", "dropped"), new("a.b", 7)], "https://example.org/s");
        meter.CreateGauge<int>("g").Record(1);
        meter.CreateGauge<int>("h").Record(1);

        Assert.Equal(
            "# TYPE g gauge\n" +
            "g{otel_scope_name=\"m\",otel_scope_version=\"2\",otel_scope_schema_url=\"https://example.org/s\",otel_scope_a_b=\"7\",otel_scope_tier=\"gold\"} 1\n" +
            "# TYPE h gauge\n" +
            "h{otel_scope_name=\"m\",otel_scope_version=\"2\",otel_scope_schema_url=\"https://example.org/s\",otel_scope_a_b=\"7\",otel_scope_tier=\"gold\"} 1\n",
            await host.ScrapeAsync());
    }

    [Fact]
    public async Task Scope_TagsThatComeOutAsItsName_AreDropped()
    {
        await using var host = await ScrapeHost.StartAsync();
        host.Meter("m", null, [new("schema.url", "dropped"), new("schema/url", "dropped"), new("version", "dropped"), new("a", "kept")]).CreateGauge<int>("g").Record(1);

        Assert.Equal("# TYPE g gauge\ng{otel_scope_name=\"m\",otel_scope_a=\"kept\"} 1\n", await host.ScrapeAsync());
    }

    [Fact]
    public async Task Scope_SameInstrumentInTwoMeters_IsOneFamily()
    {
        await using var host = await ScrapeHost.StartAsync();
        host.Meter("a").CreateCounter<long>("c", null, "First.").Add(1);
        host.Meter("b").CreateCounter<double>("c", null, "Second.").Add(2);

        Assert.Equal("# TYPE c_total counter\n# HELP c_total First.\nc_total{otel_scope_name=\"a\"} 1\nc_total{otel_scope_name=\"b\"} 2\n", await host.ScrapeAsync());
        Assert.Contains(host.Messages, message => message.Contains("another description", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Scope_SwitchedOffAndSeriesEqual_KeepsTheFirstAndWarns()
    {
        await using var host = await ScrapeHost.StartAsync(options => options.ScopeLabels = false);
        host.Meter("a").CreateCounter<long>("c").Add(1);
        host.Meter("b").CreateCounter<long>("c").Add(2);

        Assert.Equal("# TYPE c_total counter\nc_total 1\n", await host.ScrapeAsync());
        await host.ScrapeAsync();
        Assert.Single(host.Messages, message => message.Contains("same labels", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Families_OfOneNameAndTwoTypes_KeepTheFirstAndWarn()
    {
        await using var host = await ScrapeHost.StartAsync(options => options.ScopeLabels = false);
        host.Meter("a").CreateCounter<long>("jobs").Add(1);
        host.Meter("b").CreateGauge<long>("jobs.total").Record(2);
        host.Meter("c").CreateGauge<long>("jobs").Record(3);
        host.Meter("c").CreateGauge<long>("target.info").Record(4);

        Assert.Equal("# TYPE jobs_total counter\njobs_total 1\n", await host.ScrapeAsync());
        Assert.Equal("# TYPE jobs counter\njobs_total 1\n# EOF\n", await host.ScrapeAsync(OpenMetrics));
        Assert.Equal(3, host.Messages.Count(message => message.Contains("is taken by", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Families_GaugeNamedAsHistogramsSample_IsLeftOut()
    {
        await using var host = await ScrapeHost.StartAsync(options => options.ScopeLabels = false);
        host.Meter().CreateHistogram<long>("h", null, null, null, new InstrumentAdvice<long> { HistogramBucketBoundaries = [] }).Record(1);
        host.Meter().CreateGauge<long>("h.count").Record(2);

        Assert.Equal("# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n", await host.ScrapeAsync());
    }

    [Fact]
    public async Task Labels_MeetingUnderOneName_AreJoinedInOrderOfTheAttributes()
    {
        await using var host = await ScrapeHost.StartAsync(options => options.ScopeLabels = false);
        var counter = host.Meter().CreateCounter<long>("c");
        counter.Add(1, new("a_b", "2"), new("a.b", "1"), new("a-b", "0"));
        counter.Add(1, new("x", "1"), new("x", "2"));

        Assert.Equal("# TYPE c_total counter\nc_total{a_b=\"0;1;2\"} 1\nc_total{x=\"1;2\"} 1\n", await host.ScrapeAsync());
    }

    [Fact]
    public async Task Labels_SeriesThatReadTheSame_AreExposedOnce()
    {
        await using var host = await ScrapeHost.StartAsync(options => options.ScopeLabels = false);
        var counter = host.Meter().CreateCounter<long>("c");
        counter.Add(1, new KeyValuePair<string, object?>("k", "1"));
        counter.Add(2, new KeyValuePair<string, object?>("k", 1));
        counter.Add(4, new KeyValuePair<string, object?>("k", ""));
        counter.Add(8);

        // The SDK's first point is the one without attributes; to Prometheus an empty label is an absent one.
        Assert.Equal("# TYPE c_total counter\nc_total 8\nc_total{k=\"1\"} 1\n", await host.ScrapeAsync());
        Assert.Contains(host.Messages, message => message.StartsWith("2 series of c_total", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Labels_ValuesThatAreNotValidUtf16_AreExposedOnceWhereTheyReadTheSame()
    {
        await using var host = await ScrapeHost.StartAsync(options => options.ScopeLabels = false);
        foreach (var (name, first, second) in new (string, object, object)[] { ("a", "x\ud800", "x\udc00"), ("b", "\udc00", "\ufffd"), ("c", '\ud800', '\udc00') })
        {
            var gauge = host.Meter().CreateGauge<long>(name);
            gauge.Record(1, new KeyValuePair<string, object?>("k", "😱"));
            gauge.Record(2, new KeyValuePair<string, object?>("k", first));
            gauge.Record(3, new KeyValuePair<string, object?>("k", second));
        }

        Assert.Equal(
            "# TYPE a gauge\na{k=\"😱\"} 1\na{k=\"x\ufffd\"} 2\n# TYPE b gauge\nb{k=\"😱\"} 1\nb{k=\"\ufffd\"} 2\n# TYPE c gauge\nc{k=\"😱\"} 1\nc{k=\"\ufffd\"} 2\n",
            await host.ScrapeAsync());
    }

    [Fact]
    public async Task Labels_ValuesThatAreNotValidUtf16AfterTheFirstScrape_AreExposedOnceWhereTheyReadTheSame()
    {
        await using var host = await ScrapeHost.StartAsync(options => options.ScopeLabels = false);
        var gauge = host.Meter().CreateGauge<long>("g");
        gauge.Record(1, new KeyValuePair<string, object?>("k", "a"));
        gauge.Record(2, new KeyValuePair<string, object?>("k", "b"));
        Assert.Equal("# TYPE g gauge\ng{k=\"a\"} 1\ng{k=\"b\"} 2\n", await host.ScrapeAsync());
        gauge.Record(3, new KeyValuePair<string, object?>("k", "\ud800"));
        gauge.Record(4);
        Assert.Equal("# TYPE g gauge\ng 4\ng{k=\"a\"} 1\ng{k=\"b\"} 2\ng{k=\"\ufffd\"} 3\n", await host.ScrapeAsync());
        gauge.Record(5, new KeyValuePair<string, object?>("k", "\udc00"));
        Assert.Equal("# TYPE g gauge\ng 4\ng{k=\"a\"} 1\ng{k=\"b\"} 2\ng{k=\"\ufffd\"} 3\n", await host.ScrapeAsync());
    }

    [Fact]
    public async Task Labels_NamesThatAreNotValidUtf16_AreJoinedWhereTheyReadTheSame()
    {
        await using var host = await ScrapeHost.StartAsync(options =>
        {
            options.ScopeLabels = false;
            options.TranslationStrategy = PrometheusTranslationStrategy.NoTranslation;
        });
        host.Meter().CreateGauge<int>("g").Record(1, new("a\ud800", "1"), new("a\udc00", "2"));
        Assert.Contains("g{\"a\ufffd\"=\"1;2\"} 1\n", await host.ScrapeAsync(Utf8));
    }

    [Fact]
    public async Task Labels_OfDistinctEnumsAndGuids_AreNotCompared()
    {
        await using var host = await ScrapeHost.StartAsync();
        var counter = host.Meter().CreateCounter<long>("c");
        counter.Add(1, new("day", DayOfWeek.Monday), new("id", Guid.Empty));
        counter.Add(1, new("day", DayOfWeek.Friday), new("id", Guid.NewGuid()));
        var snapshot = (await host.Services.GetRequiredService<Collection.PrometheusScrapeExporter>().CollectAsync(CancellationToken.None))!;

        Assert.False(Assert.Single(snapshot.Metrics).Stream.Keys.MayCollide);
        snapshot.Release();
    }

    [Fact]
    public async Task Labels_AttributeThatReadsAsAnotherMetersScope_IsExposedOnce()
    {
        await using var host = await ScrapeHost.StartAsync();
        host.Meter("m", "1").CreateCounter<long>("c").Add(1);
        host.Meter("m").CreateCounter<long>("c").Add(2, new KeyValuePair<string, object?>("otel_scope_version", "1"));
        host.Meter("m", "1", [new("x", "y")]).CreateCounter<long>("d").Add(1);
        host.Meter("m", "1").CreateCounter<long>("d").Add(2, new KeyValuePair<string, object?>("otel.scope.x", "y"));

        Assert.Equal(
            "# TYPE c_total counter\nc_total{otel_scope_name=\"m\",otel_scope_version=\"1\"} 1\n" +
            "# TYPE d_total counter\nd_total{otel_scope_name=\"m\",otel_scope_version=\"1\",otel_scope_x=\"y\"} 1\n",
            await host.ScrapeAsync());
    }

    [Fact]
    public async Task Labels_ScopesThatReadTheSame_AreExposedOnce()
    {
        await using var host = await ScrapeHost.StartAsync();
        host.Meter("m", null, [new("a.b", 1), new("a_c", 2), new("d", "")]).CreateCounter<long>("c").Add(1);
        host.Meter("m", null, [new("a_b", 1), new("a.c", 2)]).CreateCounter<long>("c").Add(2);

        Assert.Equal("# TYPE c_total counter\nc_total{otel_scope_name=\"m\",otel_scope_a_b=\"1\",otel_scope_a_c=\"2\",otel_scope_d=\"\"} 1\n", await host.ScrapeAsync());
    }

    [Fact]
    public async Task Labels_MeetingAConstantLabel_AreJoinedToIt()
    {
        await using var host = await ScrapeHost.StartAsync(
            options => options.ResourceConstantLabels = name => name == "service.name",
            resource: r => r.AddAttributes([new("service.name", "shop")]));
        host.Meter("m").CreateGauge<int>("g").Record(1, new("otel.scope.name", "1"), new("otel_scope_name", "2"), new("service_name", "3"), new("k", "v"));

        const string Labels = "otel_scope_name=\"m;1;2\",service_name=\"shop;3\",k=\"v\"";
        Assert.Contains("\ng{" + Labels + "} 1\n", await host.ScrapeAsync());
        using var response = await host.SendAsync("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited");
        Assert.Contains("g{" + Labels + "} 1\n", Fuzz.ProtobufAsText.Write(await response.Content.ReadAsByteArrayAsync()).Replace(host.Prefix, "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Labels_WithAMeaningOfTheirOwn_AreExported()
    {
        await using var host = await ScrapeHost.StartAsync(options => options.TranslationStrategy = PrometheusTranslationStrategy.NoTranslation);
        host.Meter("m").CreateHistogram<long>("h", null, null, null, new InstrumentAdvice<long> { HistogramBucketBoundaries = [] }).Record(1, new("le", "x"), new("__name__", "z"));
        host.Meter("m").CreateGauge<long>("g").Record(1, new KeyValuePair<string, object?>("le", "x"));

        var text = await host.ScrapeAsync(Utf8);
        Assert.Contains("h_count{otel_scope_name=\"m\",exported___name__=\"z\",exported_le=\"x\"} 1\n", text);
        Assert.Contains("g{otel_scope_name=\"m\",le=\"x\"} 1\n", text);
    }

    [Fact]
    public async Task Labels_OfEveryAttributeType_AreText()
    {
        await using var host = await ScrapeHost.StartAsync(options => options.ScopeLabels = false);
        host.Meter().CreateGauge<int>("g").Record(
            1,
            new("a", true),
            new("b", 1.5),
            new("c", long.MinValue),
            new("d", new[] { "x", "\"" }),
            new("e", new[] { 1L, 2L }),
            new("f", null),
            new("g", 'c'),
            new("h", new[] { double.NaN }),
            new("i", "\ud800"));

        Assert.Equal(
            "# TYPE g gauge\ng{a=\"true\",b=\"1.5\",c=\"-9223372036854775808\",d=\"[\\\"x\\\",\\\"\\\\\\\"\\\"]\",e=\"[1,2]\",f=\"\",g=\"c\",h=\"[\\\"NaN\\\"]\",i=\"\ufffd\"} 1\n",
            await host.ScrapeAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData(OpenMetrics)]
    [InlineData("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited")]
    public async Task Labels_OfAttributesWithoutText_DoNotFailTheScrape(string? accept)
    {
        var broken = new KeyValuePair<string, object?>[] { new("array", new[] { "\ud800" }), new("throwing", new Fuzz.ThrowingText()) };
        await using var host = await ScrapeHost.StartAsync(resource: r => r.AddAttributes([new("array", new[] { "\ud800" })]));
        host.Meter("m", tags: broken).CreateGauge<int>("g").Record(1, broken);

        var text = await host.ScrapeAsync(accept);
        Assert.Contains("ThrowingText", text);
        Assert.Contains("uFFFD", text);
    }

    [Fact]
    public async Task TargetInfo_HoldsTheResource_AndSeriesDoNot()
    {
        await using var host = await ScrapeHost.StartAsync(options => options.ScopeLabels = false, resource: r => r.AddAttributes([new("service.name", "shop"), new("host.id", 7L)]));
        host.Meter().CreateGauge<int>("g").Record(1);

        const string Series = "# TYPE g gauge\ng 1\n";
        Assert.Equal("# TYPE target_info gauge\n# HELP target_info Target metadata\ntarget_info{host_id=\"7\",service_name=\"shop\"} 1\n" + Series, await host.ScrapeAsync());
    }

    [Fact]
    public async Task TargetInfo_SwitchedOff_IsAbsent()
    {
        await using var host = await ScrapeHost.StartAsync(options => options.TargetInfo = false, resource: r => r.AddAttributes([new("service.name", "shop")]));
        Assert.Equal("# EOF\n", await host.ScrapeAsync(OpenMetrics));
    }

    [Fact]
    public async Task ResourceConstantLabels_Chosen_AreOnEverySeriesAndInTargetInfo()
    {
        await using var host = await ScrapeHost.StartAsync(
            options => options.ResourceConstantLabels = name => name.StartsWith("service.", StringComparison.Ordinal),
            resource: r => r.AddAttributes([new("service.name", "shop"), new("host.id", "7")]));
        host.Meter("m").CreateGauge<int>("g").Record(1);

        var text = await host.ScrapeAsync();
        Assert.Contains("target_info{host_id=\"7\",service_name=\"shop\"} 1\n", text);
        Assert.Contains("g{otel_scope_name=\"m\",service_name=\"shop\"} 1\n", text);
    }

    [Fact]
    public async Task Utf8_StrategyKeepsNamesAndScraperReadsThem_NamesAreQuoted()
    {
        await using var host = await ScrapeHost.StartAsync(options => options.TranslationStrategy = PrometheusTranslationStrategy.NoUtf8EscapingWithSuffixes);
        host.Meter("m").CreateCounter<long>("size.in-b/c", "By", "Help.").Add(1, new KeyValuePair<string, object?>("ä\"b", "v"));
        Assert.Equal(
            "# TYPE \"size.in-b/c_bytes\" counter\n# UNIT \"size.in-b/c_bytes\" bytes\n# HELP \"size.in-b/c_bytes\" Help.\n" +
            "{\"size.in-b/c_bytes_total\",otel_scope_name=\"m\",\"ä\\\"b\"=\"v\"} 1\n# EOF\n",
            await host.ScrapeAsync(Utf8));
    }

    [Theory]
    [InlineData("text/plain;version=1.0.0;escaping=underscores", "a_b_bytes_total{a_c=\"v\"} 1")]
    [InlineData("text/plain;version=1.0.0;escaping=dots", "a_dot_b__bytes__total{a_dot_c=\"v\"} 1")]
    [InlineData("text/plain;version=1.0.0;escaping=values", "U__a_2e_b__bytes__total{U__a_2e_c=\"v\"} 1")]
    [InlineData("text/plain;version=1.0.0;escaping=allow-utf-8", "{\"a.b_bytes_total\",\"a.c\"=\"v\"} 1")]
    [InlineData("text/plain;version=0.0.4", "a_b_bytes_total{a_c=\"v\"} 1")]
    public async Task Utf8_StrategyKeepsNames_ScraperDecidesTheEscaping(string accept, string line)
    {
        await using var host = await ScrapeHost.StartAsync(options =>
        {
            options.TranslationStrategy = PrometheusTranslationStrategy.NoUtf8EscapingWithSuffixes;
            options.ScopeLabels = false;
        });
        host.Meter().CreateCounter<long>("a.b", "By").Add(1, new KeyValuePair<string, object?>("a.c", "v"));
        Assert.Contains('\n' + line + '\n', await host.ScrapeAsync(accept));
    }

    [Fact]
    public async Task Utf8_StrategyKeepsNamesAndScraperCannotReadThem_LegalCharactersStay()
    {
        await using var host = await ScrapeHost.StartAsync(options =>
        {
            options.TranslationStrategy = PrometheusTranslationStrategy.NoTranslation;
            options.ScopeLabels = false;
        });
        host.Meter().CreateGauge<int>("a__b./c").Record(1, new KeyValuePair<string, object?>("x__y", "v"));
        Assert.Equal("# TYPE a__b__c gauge\na__b__c{x__y=\"v\"} 1\n", await host.ScrapeAsync());
    }

    [Fact]
    public async Task Utf8_DefaultStrategy_UnderscoresWhateverTheScraperReads()
    {
        await using var host = await ScrapeHost.StartAsync(options => options.ScopeLabels = false);
        host.Meter().CreateCounter<long>("a.b", "By").Add(1, new KeyValuePair<string, object?>("a.c", "v"));
        Assert.Contains("a_b_bytes_total{a_c=\"v\"} 1\n", await host.ScrapeAsync(Utf8));
    }

    [Fact]
    public async Task Counter_WithoutSuffix_IsUnknownInOpenMetrics()
    {
        await using var host = await ScrapeHost.StartAsync(
            options =>
            {
                options.TranslationStrategy = PrometheusTranslationStrategy.UnderscoreEscapingWithoutSuffixes;
                options.ScopeLabels = false;
                options.CreatedTimestamps = true;
            },
            b => b.SetExemplarFilter(ExemplarFilterType.AlwaysOn));
        host.Meter().CreateCounter<long>("a.b", "By").Add(1);
        Assert.Equal("# TYPE a_b unknown\na_b 1\n# EOF\n", await host.ScrapeAsync(OpenMetrics));
        Assert.Equal("# TYPE a_b counter\na_b 1\n", await host.ScrapeAsync());
    }

    [Fact]
    public async Task Created_SwitchedOn_IsInOpenMetricsOnly()
    {
        await using var host = await ScrapeHost.StartAsync(options =>
        {
            options.CreatedTimestamps = true;
            options.ScopeLabels = false;
        });
        var before = DateTimeOffset.UtcNow.AddMilliseconds(-1);
        host.Meter().CreateCounter<long>("c").Add(1);
        host.Meter().CreateHistogram<long>("h", null, null, null, new InstrumentAdvice<long> { HistogramBucketBoundaries = [] }).Record(1);
        host.Meter().CreateGauge<long>("g").Record(1);

        var text = await host.ScrapeAsync(OpenMetrics);
        foreach (var name in (string[])["c", "h"])
        {
            var created = double.Parse(text.Split('\n').Single(line => line.StartsWith(name + "_created ", StringComparison.Ordinal)).Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
            Assert.InRange(created, before.ToUnixTimeMilliseconds() / 1000.0, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0);
        }

        Assert.DoesNotContain("g_created", text);
        Assert.Equal(
            "# TYPE c_total counter\nc_total 1\n# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n# TYPE g gauge\ng 1\n",
            await host.ScrapeAsync());
    }

    [Fact]
    public async Task Exemplars_InText_AreDropped()
    {
        await using var host = await ScrapeHost.StartAsync(options => options.ScopeLabels = false, b => b.SetExemplarFilter(ExemplarFilterType.AlwaysOn));
        host.Meter().CreateCounter<long>("c").Add(1);
        Assert.Equal("# TYPE c_total counter\nc_total 1\n", await host.ScrapeAsync());
        Assert.Contains("c_total 1 # {} 1 ", await host.ScrapeAsync(OpenMetrics));
    }

    [Fact]
    public async Task Exemplars_FilteredAttributes_AreLabelsWhileTheyFit()
    {
        await using var host = await ScrapeHost.StartAsync(
            options => options.ScopeLabels = false,
            b => b.SetExemplarFilter(ExemplarFilterType.AlwaysOn).AddView("*", new MetricStreamConfiguration { TagKeys = ["kept"] }));
        var counter = host.Meter().CreateCounter<double>("c");
        counter.Add(0.5, new("kept", "k"), new("a.b", "1"), new("long", new string('x', 200)), new("z", "2"));

        Assert.Contains("c_total{kept=\"k\"} 0.5 # {a_b=\"1\",z=\"2\"} 0.5 ", await host.ScrapeAsync(OpenMetrics));
    }

    [Fact]
    public async Task Exemplars_SeveralInABucket_TheLatestIsShown()
    {
        await using var host = await ScrapeHost.StartAsync(
            options => options.ScopeLabels = false,
            b => b.SetExemplarFilter(ExemplarFilterType.AlwaysOn).AddView("h", new Base2ExponentialBucketHistogramConfiguration { MaxScale = 0 }));
        var histogram = host.Meter().CreateHistogram<double>("h");
        histogram.Record(1.75);
        var recorded = DateTimeOffset.UtcNow;
        SpinWait.SpinUntil(() => DateTimeOffset.UtcNow > recorded);
        histogram.Record(1.25);

        Assert.Contains("h_bucket{le=\"2.0\"} 2 # {} 1.25 ", await host.ScrapeAsync(OpenMetrics));
    }

    [Fact]
    public async Task Exemplars_OfAHistogram_AreInTheirOwnBucket()
    {
        await using var host = await ScrapeHost.StartAsync(options => options.ScopeLabels = false, b => b.SetExemplarFilter(ExemplarFilterType.AlwaysOn));
        var histogram = host.Meter().CreateHistogram<double>("h", null, null, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2, 3] });
        histogram.Record(1.5);
        histogram.Record(7);

        var lines = (await host.ScrapeAsync(OpenMetrics)).Split('\n');
        Assert.Equal("h_bucket{le=\"1.0\"} 0", lines[1]);
        Assert.StartsWith("h_bucket{le=\"2.0\"} 1 # {} 1.5 ", lines[2], StringComparison.Ordinal);
        Assert.Equal("h_bucket{le=\"3.0\"} 1", lines[3]);
        Assert.StartsWith("h_bucket{le=\"+Inf\"} 2 # {} 7 ", lines[4], StringComparison.Ordinal);
    }
}
