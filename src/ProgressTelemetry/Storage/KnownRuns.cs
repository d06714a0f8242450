using System.Collections.Concurrent;
using ProgressTelemetry.Runtime;

namespace ProgressTelemetry.Storage;

/// <summary>What this process knows of all processes' runs, as of the last look at the store. Bounded: beyond <see cref="Most"/> ended runs are forgotten, then those that were heard of longest ago. Read from any thread, written by the pump.</summary>
internal sealed class KnownRuns(Presence presence, TrackerClock clock)
{
    public const int Most = 10_000;

    private readonly ConcurrentDictionary<string, KnownRun> _runs = new(StringComparer.Ordinal);
    private readonly ClockSkews _skews = new(clock);

    public Presence Presence => presence;

    public IEnumerable<KnownRun> All => _runs.Select(known => known.Value);

    /// <summary>Another process's share, as the store has it.</summary>
    /// <param name="share">The share.</param>
    /// <param name="age">How long ago it was told.</param>
    public void Add(RunShare share, TimeSpan age) => Add(_skews.PutRight(share, age), clock.Add(clock.Now, -age.TotalSeconds));

    /// <summary>A share of this process.</summary>
    public void Add(RunShare share) => Add(share, clock.Now);

    public KnownRun? Find(string id) => _runs.GetValueOrDefault(id);

    /// <summary>Forgets the runs that nothing is heard of any more.</summary>
    public void Keep(IReadOnlySet<string> ids)
    {
        foreach (var (id, _) in _runs.Where(known => !ids.Contains(known.Key)))
        {
            _runs.TryRemove(id, out _);
        }
    }

    /// <summary>Forgets ended runs that nobody asks for any more, and what is too much.</summary>
    public void Prune(TimeSpan keepEnded)
    {
        var limit = clock.Add(clock.Now, -keepEnded.TotalSeconds);
        foreach (var (id, known) in _runs)
        {
            if (known.Run.IsEnded && known.Heard < limit)
            {
                _runs.TryRemove(id, out _);
            }
        }

        if (_runs.Count > Most)
        {
            foreach (var (id, _) in _runs.OrderByDescending(known => known.Value.Run.IsEnded).ThenBy(known => known.Value.Heard).Take(_runs.Count - Most))
            {
                _runs.TryRemove(id, out _);
            }
        }
    }

    private void Add(RunShare share, long heard) =>
        _runs.AddOrUpdate(share.RunId, _ => new KnownRun(share, heard, presence, clock), (_, known) => known.With(share, heard));
}
