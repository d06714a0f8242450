using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using OpenTelemetry.Metrics;
using ProgressTelemetry.Exporter.Prometheus.Naming;

namespace ProgressTelemetry.Exporter.Prometheus.Tests.Fuzz;

/// <summary>The slow, plain way to write a scrape, by the letter of the rules: what the exporter's must equal. Only the translation of names, which has its own tests, is shared.</summary>
internal static partial class ReferenceText
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public static string Write(IEnumerable<CollectedMetric> metrics, bool openMetrics, bool protobuf = false)
    {
        var text = new StringBuilder();
        var taken = new HashSet<string> { "target", "target_info" };
        var families = new List<(MetricName Name, string Type, string Help, List<CollectedMetric> Metrics)>();
        foreach (var metric in metrics)
        {
            var name = MetricName.Translate(metric.Name, metric.Unit, metric.Type, new NamingRules(PrometheusTranslationStrategy.UnderscoreEscapingWithSuffixes, EscapingScheme.Underscores));
            var type = Type(metric.Type);
            var family = families.Find(other => other.Name.Sample == name.Sample && other.Type == type);
            if (family.Metrics is not null)
            {
                family.Metrics.Add(metric);
                continue;
            }

            string[] names = type == "histogram" ? [name.Family, name.Family + "_bucket", name.Family + "_count", name.Family + "_sum"] : [name.Family, name.Sample];
            if (!names.Any(taken.Contains))
            {
                taken.UnionWith(names);
                families.Add((name, type, metric.Help, [metric]));
            }
        }

        foreach (var (name, type, help, members) in families)
        {
            var shown = openMetrics ? name.Family : name.Sample;
            text.Append($"# TYPE {shown} {type}\n");
            text.Append(openMetrics && name.Unit.Length > 0 ? $"# UNIT {shown} {name.Unit}\n" : "");
            text.Append(help.Length > 0 ? $"# HELP {shown} {(openMetrics ? Escape(help) : help.Replace("\\", "\\\\").Replace("\n", "\\n"))}\n" : "");
            var seen = new HashSet<string>();
            foreach (var metric in members)
            {
                foreach (var point in metric.Points)
                {
                    var isHistogram = type == "histogram";
                    var labels = Merge(metric.Scope, point.Tags, "__name__", isHistogram ? "le" : "__name__");
                    if (seen.Add(string.Join('\n', labels.Where(label => label.Value.Length > 0).OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => label.Key + '=' + Escape(Read(label.Value))))) && !(protobuf && point.Scale < -4))
                    {
                        WritePoint(text, name, metric.Type, point, labels, openMetrics, protobuf);
                    }
                }
            }
        }

        return text.Append(openMetrics ? "# EOF\n" : "").ToString();
    }

    /// <summary>Adds attributes to labels: values that meet are joined, those of attributes in order of the attributes' names; a reserved name is exported.</summary>
    public static List<KeyValuePair<string, string>> Merge(List<KeyValuePair<string, string>> labels, List<KeyValuePair<string, object?>> tags, params string[] reserved)
    {
        var attributes = tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => KeyValuePair.Create(Name(tag.Key), Text(tag.Value)));
        return labels.Concat(attributes).GroupBy(label => label.Key).Select(group => KeyValuePair.Create(group.Key, string.Join(';', group.Select(label => label.Value)))).ToList();

        string Name(string key)
        {
            var name = LabelName(key);
            return reserved.Contains(name) ? "exported_" + name : name;
        }
    }

    public static string LabelName(string key)
    {
        var name = Underscores().Replace(Invalid().Replace(key, "_"), "_");
        return name.Length == 0 || char.IsAsciiDigit(name[0]) ? "_" + name.TrimStart('_') : name;
    }

    public static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ when Math.Abs(value) < 9007199254740992 && Math.Floor(value) == value && !(value == 0 && double.IsNegative(value)) => ((long)value).ToString(CultureInfo.InvariantCulture),
        _ => value.ToString(CultureInfo.InvariantCulture),
    };

    private static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        bool flag => flag ? "true" : "false",
        ThrowingText => nameof(ThrowingText),
        byte[] bytes => Convert.ToBase64String(bytes),
        Array array => JsonSerializer.Serialize(array, Json),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Type(MetricType type) => type switch
    {
        MetricType.LongSum or MetricType.DoubleSum => "counter",
        MetricType.Histogram or MetricType.ExponentialHistogram => "histogram",
        _ => "gauge",
    };

    private static void WritePoint(StringBuilder text, MetricName name, MetricType type, CollectedMetric.Point point, List<KeyValuePair<string, string>> labels, bool openMetrics, bool protobuf)
    {
        if (Type(type) != "histogram")
        {
            var exemplar = openMetrics && Type(type) == "counter" ? Exemplar(point, double.NegativeInfinity, double.PositiveInfinity) : "";
            text.Append(name.Sample + Labels(labels) + ' ' + Number(point.Value) + exemplar + '\n');
            return;
        }

        var (cumulative, lower) = (0L, double.NegativeInfinity);
        foreach (var (upper, count) in point.Buckets)
        {
            cumulative += count;
            var bound = Number(upper) + (openMetrics && double.IsFinite(upper) && Math.Abs(upper) < 9007199254740992 && Math.Floor(upper) == upper ? ".0" : "");
            text.Append(name.Family + "_bucket" + Labels([.. labels, new("le", bound)]) + ' ' + cumulative + (openMetrics ? Exemplar(point, lower, upper) : "") + '\n');
            lower = upper;
        }

        var hasSum = !(point.Value < 0);
        text.Append(hasSum || protobuf ? name.Family + "_sum" + Labels(labels) + ' ' + Number(hasSum ? point.Value : double.NaN) + '\n' : "");
        text.Append(openMetrics && !hasSum ? "" : name.Family + "_count" + Labels(labels) + ' ' + point.Count + '\n');
    }

    private static string Labels(List<KeyValuePair<string, string>> labels) =>
        labels.Count == 0 ? "" : '{' + string.Join(',', labels.Select(label => label.Key + "=\"" + Escape(label.Value) + '"')) + '}';

    private static string Exemplar(CollectedMetric.Point point, double above, double upTo)
    {
        var inBucket = point.Exemplars.Where(exemplar => exemplar.Value > above && exemplar.Value <= upTo).ToList();
        if (inBucket.Count == 0)
        {
            return "";
        }

        var exemplar = inBucket.MaxBy(candidate => candidate.Time)!;
        List<KeyValuePair<string, string>> labels = exemplar.Trace == default ? [] : [new("trace_id", exemplar.Trace.ToHexString()), new("span_id", exemplar.Span.ToHexString())];
        foreach (var label in Merge([], exemplar.Tags).Select(label => KeyValuePair.Create(label.Key, label.Value.Replace('\0', '\ufffd'))))
        {
            if (!labels.Exists(other => other.Key == label.Key) && labels.Append(label).Sum(l => l.Key.EnumerateRunes().Count() + l.Value.EnumerateRunes().Count()) <= 128)
            {
                labels.Add(label);
            }
        }

        var time = (exemplar.Time.ToUnixTimeMilliseconds() / 1000m).ToString("0.000", CultureInfo.InvariantCulture);
        return " # {" + Labels(labels).Trim('{', '}') + "} " + Number(exemplar.Value) + ' ' + time;
    }

    /// <summary>As a reader sees it: what is not valid UTF-16 is U+FFFD.</summary>
    private static string Read(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static string Escape(string text) => text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");

    [GeneratedRegex("[^a-zA-Z0-9_]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Invalid();

    [GeneratedRegex("_+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Underscores();
}
