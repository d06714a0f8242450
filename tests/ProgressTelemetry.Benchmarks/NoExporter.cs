using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace ProgressTelemetry.Benchmarks;

/// <summary>Has the SDK collect, and takes nothing.</summary>
[ExportModes(ExportModes.Pull)]
internal sealed class NoExporter : BaseExporter<Metric>, IPullMetricExporter
{
    public Func<int, bool>? Collect { get; set; }

    public override ExportResult Export(in Batch<Metric> batch) => ExportResult.Success;
}
