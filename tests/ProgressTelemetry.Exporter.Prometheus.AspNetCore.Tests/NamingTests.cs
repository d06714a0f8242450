using OpenTelemetry.Metrics;
using ProgressTelemetry.Exporter.Prometheus.Naming;
using Xunit;

namespace ProgressTelemetry.Exporter.Prometheus.Tests;

public sealed class NamingTests
{
    private const MetricType Counter = MetricType.LongSum;
    private const MetricType UpDown = MetricType.LongSumNonMonotonic;
    private const MetricType Gauge = MetricType.DoubleGauge;
    private const MetricType Histogram = MetricType.Histogram;

    [Theory]

    // The workflow instruments.
    [InlineData("workflow.run.active", "{run}", UpDown, "workflow_run_active")]
    [InlineData("workflow.run.duration", "s", Histogram, "workflow_run_duration_seconds")]
    [InlineData("workflow.stage.tasks", "{task}", Counter, "workflow_stage_tasks_total")]
    [InlineData("workflow.stage.throughput", "{task}/s", Gauge, "workflow_stage_throughput_per_second")]
    [InlineData("workflow.stage.wall_time", "s", Counter, "workflow_stage_wall_time_seconds_total")]
    [InlineData("workflow.run.last_success.timestamp", "s", Gauge, "workflow_run_last_success_timestamp_seconds")]
    [InlineData("workflow.run.info", null, Gauge, "workflow_run_info")]
    [InlineData("workflow.run.completion.ratio", "1", Gauge, "workflow_run_completion_ratio")]
    [InlineData("workflow.run.stage.revisions", "{revision}", Gauge, "workflow_run_stage_revisions")]

    // Units.
    [InlineData("http.server.request.duration", "ms", Histogram, "http_server_request_duration_milliseconds")]
    [InlineData("disk.io", "By", Counter, "disk_io_bytes_total")]
    [InlineData("disk.rate", "By/s", Gauge, "disk_rate_bytes_per_second")]
    [InlineData("disk.rate", "MiBy/min", Gauge, "disk_rate_mebibytes_per_minute")]
    [InlineData("speed", "m/s", Gauge, "speed_meters_per_second")]
    [InlineData("cpu", "1", Gauge, "cpu_ratio")]
    [InlineData("cpu", "1", Counter, "cpu_total")]
    [InlineData("cpu", "1", UpDown, "cpu")]
    [InlineData("cpu", "1", Histogram, "cpu")]
    [InlineData("cpu", "%", Gauge, "cpu_percent")]
    [InlineData("size", "By{compressed}", Gauge, "size_bytes")]
    [InlineData("size", "{a}By{b}", Gauge, "size_bytes")]
    [InlineData("calls", "1/s", Gauge, "calls_per_second")]
    [InlineData("odd", "furlong/fortnight", Gauge, "odd_furlong_per_fortnight")]
    [InlineData("odd", "a b!", Gauge, "odd_a_b")]
    [InlineData("odd", "!", Gauge, "odd")]
    [InlineData("odd", " ", Gauge, "odd")]
    [InlineData("odd", "{unclosed", Gauge, "odd")]
    [InlineData("odd", "/", Gauge, "odd")]

    // A name that has the suffix already.
    [InlineData("wait.seconds", "s", Histogram, "wait_seconds")]
    [InlineData("wait.seconds.max", "s", Gauge, "wait_seconds_max_seconds")]
    [InlineData("seconds.left", "s", Gauge, "seconds_left_seconds")]
    [InlineData("seconds", "s", Gauge, "seconds")]
    [InlineData("disk.bytes.per.second", "By/s", Gauge, "disk_bytes_per_second")]
    [InlineData("megabytes", "By", Gauge, "megabytes_bytes")]
    [InlineData("jobs.total", "{job}", Counter, "jobs_total")]
    [InlineData("wait.total", "s", Counter, "wait_seconds_total")]
    [InlineData("wait_seconds_total", "s", Counter, "wait_seconds_total")]
    [InlineData("total", null, Counter, "total_total")]
    [InlineData("stock.total", null, UpDown, "stock_total")]

    // Characters.
    [InlineData("a-b/c.d_e", null, Gauge, "a_b_c_d_e")]
    [InlineData("a..b__c", null, Gauge, "a_b_c")]
    [InlineData("9lives", null, Gauge, "_9lives")]
    [InlineData("a:b", null, Gauge, "a:b")]
    [InlineData("größe", null, Gauge, "gr_e")]
    [InlineData("ends.", null, Counter, "ends_total")]
    public void Translate_ByDefault_GivesName(string instrument, string? unit, MetricType type, string expected) =>
        Assert.Equal(expected, Translate(instrument, unit, type).Sample);

    [Theory]
    [InlineData("wait", "s", Histogram, "seconds")]
    [InlineData("wait.seconds.max", "s", Gauge, "seconds")]
    [InlineData("wait.seconds", "s", Gauge, "seconds")]
    [InlineData("jobs", "{job}/s", Gauge, "per_second")]
    [InlineData("load", "1", Gauge, "ratio")]
    [InlineData("jobs", "{job}", Counter, "")]
    public void Translate_Unit_IsWhatTheFamilyEndsIn(string instrument, string unit, MetricType type, string expected) =>
        Assert.Equal(expected, Translate(instrument, unit, type).Unit);

    [Theory]
    [InlineData(PrometheusTranslationStrategy.UnderscoreEscapingWithoutSuffixes, "wait_time")]
    [InlineData(PrometheusTranslationStrategy.NoUtf8EscapingWithSuffixes, "wait.time_seconds_total")]
    [InlineData(PrometheusTranslationStrategy.NoTranslation, "wait.time")] // whose unit no line tells: OpenMetrics demands that the name ends in it
    public void Translate_Strategy_GivesName(PrometheusTranslationStrategy strategy, string expected) =>
        Assert.Equal(expected, MetricName.Translate("wait.time", "s", Counter, new NamingRules(strategy, EscapingScheme.AllowUtf8)).Sample);

    // The examples are those of Prometheus' own tests of its escaping (prometheus/common, model/metric_test.go).
    [Theory]
    [InlineData("", "_", "_", "_")]
    [InlineData("no:escaping_required", "no:escaping_required", "no:escaping__required", "no:escaping_required")]
    [InlineData("mysystem.prod.west.cpu.load", "mysystem_prod_west_cpu_load", "mysystem_dot_prod_dot_west_dot_cpu_dot_load", "U__mysystem_2e_prod_2e_west_2e_cpu_2e_load")]
    [InlineData("http.status:sum", "http_status:sum", "http_dot_status:sum", "U__http_2e_status:sum")]
    [InlineData("a__b. c", "a__b__c", "a____b_dot___c", "U__a____b_2e__20_c")]
    [InlineData("label with 😱", "label_with__", "label__with____", "U__label_20_with_20__1f631_")]
    [InlineData("9x", "_x", "__x", "U___39_x")]
    public void Escape_Scheme_GivesName(string name, string underscores, string dots, string values)
    {
        Assert.Equal(underscores, NameEscaper.Escape(name, EscapingScheme.Underscores, colonAllowed: true));
        Assert.Equal(dots, NameEscaper.Escape(name, EscapingScheme.Dots, colonAllowed: true));
        Assert.Equal(values, name.Length == 0 ? "_" : NameEscaper.Escape(name, EscapingScheme.Values, colonAllowed: true));
        Assert.Equal(name.Length == 0 ? "_" : name, NameEscaper.Escape(name, EscapingScheme.AllowUtf8, colonAllowed: true));
    }

    private static MetricName Translate(string instrument, string? unit, MetricType type) =>
        MetricName.Translate(instrument, unit, type, new NamingRules(PrometheusTranslationStrategy.UnderscoreEscapingWithSuffixes, EscapingScheme.Underscores));
}
