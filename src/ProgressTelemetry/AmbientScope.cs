using ProgressTelemetry.Runtime;

namespace ProgressTelemetry;

/// <summary>Makes current again what was, once.</summary>
internal sealed class AmbientScope(Ambient ambient) : IDisposable
{
    private Ambient? _ambient = ambient;

    public void Dispose() => Interlocked.Exchange(ref _ambient, null)?.Leave();
}
