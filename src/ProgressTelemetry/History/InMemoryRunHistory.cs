using System.Collections.Immutable;
using ProgressTelemetry.History;

namespace ProgressTelemetry;

/// <summary>Remembers the profiles of finished runs for as long as the process lives.</summary>
public sealed class InMemoryRunHistory : IRunHistory
{
    /// <summary>Profiles kept per workflow unless told otherwise. More did not make predictions better on recorded runs.</summary>
    public const int DefaultProfilesPerWorkflow = 5;

    /// <summary>Workflows remembered unless told otherwise.</summary>
    public const int DefaultMaxWorkflows = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly int _profilesPerWorkflow;
    private readonly int _maxWorkflows;
    private long _additions;

    /// <summary>Creates an empty history.</summary>
    /// <param name="profilesPerWorkflow">Profiles kept per workflow, at least 1.</param>
    /// <param name="maxWorkflows">Workflows remembered, at least 1; beyond it the one whose last run ended longest ago is forgotten.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is less than 1.</exception>
    public InMemoryRunHistory(int profilesPerWorkflow = DefaultProfilesPerWorkflow, int maxWorkflows = DefaultMaxWorkflows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(profilesPerWorkflow, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxWorkflows, 1);
        _profilesPerWorkflow = profilesPerWorkflow;
        _maxWorkflows = maxWorkflows;
    }

    /// <inheritdoc/>
    public ImmutableArray<RunProfile> GetProfiles(string workflow)
    {
        ArgumentException.ThrowIfNullOrEmpty(workflow);
        lock (_gate)
            return _entries.TryGetValue(workflow, out var entry) ? entry.Profiles : [];
    }

    /// <inheritdoc/>
    public void Add(string workflow, RunProfile profile)
    {
        ArgumentException.ThrowIfNullOrEmpty(workflow);
        ArgumentNullException.ThrowIfNull(profile);
        if (!profile.IsValid)
            throw new ArgumentException("A profile's times are finite and not negative, its shares 0..1, its tasks at least 1, its stages named and distinct.", nameof(profile));
        lock (_gate)
        {
            var before = _entries.TryGetValue(workflow, out var entry) ? entry.Profiles : [];
            _entries[workflow] = new Entry(ProfileRetention.Add(before, profile, _profilesPerWorkflow), _additions++);
            if (_entries.Count > _maxWorkflows)
                _entries.Remove(_entries.MinBy(e => e.Value.Addition).Key);
        }
    }

    /// <summary>Keeps what another history kept as newer than all that is here.</summary>
    /// <param name="workflows">The workflow of the newest profile first, each one's profiles newest first.</param>
    internal void AddAll(IReadOnlyList<KeyValuePair<string, ImmutableArray<RunProfile>>> workflows)
    {
        foreach (var (workflow, profiles) in workflows.Reverse())
        {
            foreach (var profile in profiles.Reverse())
                Add(workflow, profile);
        }
    }

    /// <summary>All that is kept, the workflow of the newest profile first.</summary>
    internal IReadOnlyList<KeyValuePair<string, ImmutableArray<RunProfile>>> Snapshot()
    {
        lock (_gate)
            return [.. _entries.OrderByDescending(e => e.Value.Addition).Select(e => KeyValuePair.Create(e.Key, e.Value.Profiles))];
    }

    private sealed record Entry(ImmutableArray<RunProfile> Profiles, long Addition);
}
