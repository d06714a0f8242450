namespace ProgressTelemetry.Exporter.Prometheus.Tests.Fuzz;

/// <summary>An attribute's value that fails to say what it is.</summary>
internal sealed class ThrowingText
{
    public override string ToString() => throw new InvalidOperationException("no text");
}
