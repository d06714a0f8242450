using ProgressTelemetry.Model;

namespace ProgressTelemetry.Runtime;

/// <summary>Something that effects are handed to, in order for each run, outside every lock. What it throws is counted, and stays there.</summary>
internal interface IEffectSink
{
    void Handle(LiveRun run, in Effect effect);
}
