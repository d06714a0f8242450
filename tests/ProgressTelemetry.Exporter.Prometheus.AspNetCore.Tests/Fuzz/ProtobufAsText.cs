using System.Text;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.Exporter.Prometheus.Tests.Fuzz;

/// <summary>Writes down a protobuf scrape as the text format would have it, so that both can be compared with the same reference. Native histograms become cumulative buckets.</summary>
internal static class ProtobufAsText
{
    private static readonly string[] Types = ["counter", "gauge", "summary", "untyped", "histogram"];

    public static string Write(ReadOnlySpan<byte> scrape)
    {
        var text = new StringBuilder();
        foreach (var family in ProtobufMessage.Delimited(scrape))
        {
            var name = family.Text(1);
            var type = Types[(int)family.Number(3)];
            text.Append($"# TYPE {name} {type}\n");
            foreach (var metric in family.Messages(4))
            {
                var labels = metric.Messages(1).ConvertAll(label => label.Text(1) + "=\"" + label.Text(2).Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n") + '"');
                if (type == "histogram")
                {
                    WriteHistogram(text, name, labels, metric.Messages(7).Single());
                }
                else
                {
                    text.Append(name + Braces(labels) + ' ' + ReferenceText.Number(metric.Messages(type == "counter" ? 3 : 2).Single().Fraction(1)) + '\n');
                }
            }
        }

        return text.ToString();
    }

    private static void WriteHistogram(StringBuilder text, string name, List<string> labels, ProtobufMessage histogram)
    {
        foreach (var bucket in histogram.Messages(3))
        {
            WriteBucket(bucket.Fraction(2), (long)bucket.Number(1));
        }

        var spans = histogram.Messages(12);
        if (spans.Count > 0)
        {
            WriteNative(spans);
        }

        text.Append(name + "_sum" + Braces(labels) + ' ' + ReferenceText.Number(histogram.Fraction(2)) + '\n');
        text.Append(name + "_count" + Braces(labels) + ' ' + histogram.Number(1) + '\n');

        void WriteNative(List<ProtobufMessage> spans)
        {
            var cumulative = (long)histogram.Number(7);
            if (cumulative > 0)
            {
                WriteBucket(0, cumulative);
            }

            var deltas = histogram.PackedZigZagged(13);
            var top = (long)(1024 * Math.Pow(2, histogram.ZigZagged(5)));
            var (next, index, count) = (0, 0L, 0L);
            for (var i = 0; i < spans.Count; i++)
            {
                var start = index + spans[i].ZigZagged(1);
                if (start > top)
                {
                    // Infinite values: their bucket is the last line's.
                    cumulative += count + deltas[next];
                    Assert.Equal((spans.Count - 1, 1UL, top + 1), (i, spans[i].Number(2), start));
                    break;
                }

                for (; i > 0 && index < start; index++)
                {
                    WriteBucket(Upper(index), cumulative);
                }

                for (index = start; index < start + (long)spans[i].Number(2); index++)
                {
                    count += deltas[next++];
                    cumulative += count;
                    WriteBucket(Upper(index), cumulative);
                }
            }

            // What Prometheus demands.
            Assert.True(cumulative == (long)histogram.Number(1) || double.IsNaN(histogram.Fraction(2)), $"{name} counts {histogram.Number(1)}, its buckets hold {cumulative}");
            WriteBucket(double.PositiveInfinity, (long)histogram.Number(1));
        }

        double Upper(long index) => Math.Min(double.MaxValue, Math.Pow(2, index / Math.Pow(2, histogram.ZigZagged(5))));

        void WriteBucket(double upper, long count) =>
            text.Append(name + "_bucket" + Braces([.. labels, "le=\"" + ReferenceText.Number(upper) + '"']) + ' ' + count + '\n');
    }

    private static string Braces(List<string> labels) => labels.Count == 0 ? "" : '{' + string.Join(',', labels) + '}';
}
