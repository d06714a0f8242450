using System.Diagnostics;
using ProgressTelemetry.Model;

namespace ProgressTelemetry.Runtime;

/// <summary>Starts spans, on the thread that starts what they are of and outside every lock: samplers and processors are the user's.</summary>
internal interface ISpans
{
    Activity? StartRun(LiveRun run);

    Activity? StartStage(LiveStage stage);

    /// <summary>Ends the span of a stage that had ended before its span was there.</summary>
    void StopStage(LiveStage stage, Activity span, in Effect ended);
}
