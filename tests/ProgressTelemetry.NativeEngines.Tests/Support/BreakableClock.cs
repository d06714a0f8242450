using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.NativeEngines.Tests.Support;

/// <summary>A manual clock that can be broken: whatever asks the tracker for anything then fails, as a fault of the tracking's own would.</summary>
public sealed class BreakableClock() : ManualTimeProvider(null)
{
    public bool Fails { get; set; }

    public override long GetTimestamp() => Fails ? throw new InvalidOperationException("the clock is broken") : base.GetTimestamp();
}
