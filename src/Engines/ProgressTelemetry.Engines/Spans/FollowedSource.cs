using System.Diagnostics;
using ProgressTelemetry.Naming;
using ProgressTelemetry.Rules;

namespace ProgressTelemetry.Spans;

/// <summary>An engine's source: its rules, its names, and whether anybody else listens to it.</summary>
internal sealed class FollowedSource : IDisposable
{
    private const string ProbeVersion = "progress-telemetry-probe";

    // A second source of the name, that those who listen by name listen to, and no tracker does.
    private readonly ActivitySource _probe;

    public FollowedSource(string name, IReadOnlyList<SpanRule> rules)
    {
        Rules = new SourceRules(rules);
        _probe = new ActivitySource(name, ProbeVersion);
    }

    public SourceRules Rules { get; }

    public BoundedNames Names { get; } = new();

    /// <summary>Whether its spans would be there without us: then they are others' to export, and stay as they are.</summary>
    public bool IsHeardByOthers => _probe.HasListeners();

    public static bool IsProbe(ActivitySource source) => source.Version == ProbeVersion;

    public void Dispose() => _probe.Dispose();
}
