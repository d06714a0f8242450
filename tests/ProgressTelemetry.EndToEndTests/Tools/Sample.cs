namespace ProgressTelemetry.EndToEndTests.Tools;

/// <summary>One series of a query's answer.</summary>
internal sealed record Sample(IReadOnlyDictionary<string, string> Labels, double Value)
{
    public string Label(string name) => Labels.GetValueOrDefault(name, "");

    public override string ToString() => $"{{{string.Join(", ", Labels.Select(l => $"{l.Key}={l.Value}"))}}} {Value}";
}
