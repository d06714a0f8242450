namespace ProgressTelemetry.EndToEndTests.Tools;

/// <summary>One measurement that Prometheus keeps beside its series, with the trace in which it was made.</summary>
internal sealed record Exemplar(IReadOnlyDictionary<string, string> Labels, double Value)
{
    public string TraceId => Labels.GetValueOrDefault("trace_id", "");

    public override string ToString() => $"{Value} in trace {TraceId}";
}
