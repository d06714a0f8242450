namespace ProgressTelemetry;

/// <summary>What a span that a <see cref="SpanRule"/> matches stands for.</summary>
public enum SpanRole
{
    /// <summary>A run: from the span's start to its stop, unless <see cref="SpanRule.StopEndsRun"/> says otherwise. Further spans of the same run id are the same run.</summary>
    Run,

    /// <summary>A task of a stage of a run.</summary>
    Task,

    /// <summary>The end of a run: when the span stops.</summary>
    EndRun,

    /// <summary>Nothing; later rules aren't asked.</summary>
    Ignore,
}
