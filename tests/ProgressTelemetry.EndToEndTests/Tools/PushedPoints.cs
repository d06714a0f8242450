using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.EndToEndTests.Tools;

/// <summary>Reads the points of gauges and counters out of an OTLP export, field by field as opentelemetry/proto/metrics/v1 numbers them.</summary>
internal static class PushedPoints
{
    private const int AsDouble = 4, AsLong = 6;

    public static IEnumerable<Sample> Read(byte[] export) =>
        from resource in new ProtobufMessage(export).Messages(1)
        from scope in resource.Messages(2)
        from metric in scope.Messages(2)
        from gaugeOrSum in (List<ProtobufMessage>)[.. metric.Messages(5), .. metric.Messages(7)]
        from point in gaugeOrSum.Messages(1)
        select new Sample(Labels(metric.Text(1), point), point.Has(AsLong) ? (long)point.Number(AsLong) : point.Fraction(AsDouble));

    /// <summary>The attributes whose values are texts; there are no others.</summary>
    private static Dictionary<string, string> Labels(string name, ProtobufMessage point) =>
        new(point.Messages(7).Select(attribute => KeyValuePair.Create(attribute.Text(1), attribute.Messages(2).Single().Text(1))).Append(new("__name__", name)), StringComparer.Ordinal);
}
