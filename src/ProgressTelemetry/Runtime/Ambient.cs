using System.Diagnostics;

namespace ProgressTelemetry.Runtime;

/// <summary>The run and stage that the present flow of calls works for, and the span that was current before theirs.</summary>
internal sealed class Ambient
{
    private static readonly AsyncLocal<Ambient?> Local = new();
    private readonly Ambient? _outer;
    private readonly Activity? _before;
    private readonly Activity? _own;

    private Ambient(LiveRun run, LiveStage? stage, Activity? own)
    {
        (Run, Stage, _own) = (run, stage, own);
        (_outer, _before) = (Local.Value, Activity.Current);
    }

    public static Ambient? Current => Local.Value;

    public LiveRun Run { get; }

    public LiveStage? Stage { get; }

    /// <summary>Makes the run or stage, and its span, current for the rest of the flow of calls.</summary>
    public static Ambient Enter(LiveRun run, LiveStage? stage)
    {
        var ambient = new Ambient(run, stage, stage is null ? run.Activity : stage.Activity);
        Local.Value = ambient;
        if (ambient._own is { } own)
        {
            Activity.Current = own;
        }

        return ambient;
    }

    /// <summary>Makes current again what was.</summary>
    public void Leave()
    {
        Local.Value = _outer;
        if (_own is not null && ReferenceEquals(Activity.Current, _own))
        {
            Activity.Current = _before;
        }
    }

    /// <summary>What was current before a span of this flow of calls; its parent when it isn't of this flow.</summary>
    public static Activity? Before(Activity span)
    {
        for (var ambient = Local.Value; ambient is not null; ambient = ambient._outer)
        {
            if (ReferenceEquals(ambient._own, span))
            {
                return ambient._before;
            }
        }

        return span.Parent;
    }
}
