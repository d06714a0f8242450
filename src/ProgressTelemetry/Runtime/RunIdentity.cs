using System.Diagnostics;

namespace ProgressTelemetry.Runtime;

/// <summary>What a run is called, where it comes from, and how it is traced.</summary>
internal sealed record RunIdentity
{
    public required string Workflow { get; init; }

    public required string Id { get; init; }

    public string? Version { get; init; }

    /// <summary>When it started, if that was before it was told of.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>What was done for it before, by processes that are no more.</summary>
    public RunShare? Restored { get; init; }

    /// <summary>Whether it was joined, and is another process's to end.</summary>
    public bool IsPart { get; init; }

    /// <summary>The stage of another run that it is a task of.</summary>
    public LiveStage? Parent { get; init; }

    public RunTrace Trace { get; init; } = RunTrace.Default;

    /// <summary>The same run, where another process left it: its span links to the one of then.</summary>
    public RunIdentity GoingOnWith(RunShare? before)
    {
        if (before is null)
        {
            return this;
        }

        return this with
        {
            Restored = before,
            Version = Version ?? before.Version,
            Trace = ActivityContext.TryParse($"00-{before.TraceId}-{before.SpanId}-01", null, isRemote: true, out var span) ? Trace with { Links = [.. Trace.Links, span] } : Trace,
        };
    }

    /// <summary>Digits of a stage's index, so that text sorts as numbers do.</summary>
    public int IndexDigits { get; init; } = 2;
}
