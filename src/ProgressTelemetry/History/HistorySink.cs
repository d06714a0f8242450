using ProgressTelemetry.Model;
using ProgressTelemetry.Runtime;

namespace ProgressTelemetry.History;

/// <summary>Keeps the profiles of runs that ended well.</summary>
internal sealed class HistorySink(CheckedHistory history) : IEffectSink
{
    public void Handle(LiveRun run, in Effect effect)
    {
        if (effect.Kind == EffectKind.RunEnded && run.Outcome.Profile is { } profile)
        {
            history.Add(run.Workflow, profile);
        }
    }
}
