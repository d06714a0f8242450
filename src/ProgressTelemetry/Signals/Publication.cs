using ProgressTelemetry.Runtime;

namespace ProgressTelemetry.Signals;

/// <summary>A tracker's two meters, and what is counted for them.</summary>
internal sealed class Publication : IDisposable
{
    private readonly TrackerSlot _slot;
    private readonly TrackerInstruments _instruments;

    public Publication(RunServices services, RunRegistry registry, int maxDefinitions, string meterSuffix)
    {
        var definitions = new DefinitionTable(maxDefinitions, services.Errors, services.Clock);
        Meters = new MeterSink(definitions, services.Errors);
        services.Count = Meters.Count;
        services.TaskEnded = Meters.TaskEnded;
        _slot = TrackerSlot.Take(meterSuffix);
        Shown = new ShownRuns(services, registry, definitions, SignalNames.RunsMeter + meterSuffix, _slot.MeterTags);
        _instruments = new TrackerInstruments(services, definitions, Shown, () => registry.LastTick, SignalNames.TrackerMeter + meterSuffix, _slot.MeterTags);
        Meters.Instruments = _instruments;
    }

    public MeterSink Meters { get; }

    public ShownRuns Shown { get; }

    public void Dispose()
    {
        _instruments.Dispose();
        Shown.Dispose();
        _slot.Dispose();
    }
}
