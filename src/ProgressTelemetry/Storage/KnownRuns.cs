using System.Collections.Concurrent;
using ProgressTelemetry.Runtime;

namespace ProgressTelemetry.Storage;

/// <summary>What this process knows of all processes' runs, as of the last look at the store. Bounded: beyond <see cref="Most"/> the runs are forgotten that were heard of longest ago. Read from any thread, written by the pump.</summary>
internal sealed class KnownRuns(TrackerClock clock)
{
    public const int Most = 10_000;

    /// <summary>A participant that tells nothing for longer has gone, s: it tells of itself every ten seconds.</summary>
    public const double AliveFor = 30;

    private readonly ConcurrentDictionary<string, KnownRun> _runs = new(StringComparer.Ordinal);

    /// <param name="share">The share.</param>
    /// <param name="age">How long ago it was told.</param>
    public void Add(RunShare share, TimeSpan age)
    {
        var heard = clock.Add(clock.Now, -age.TotalSeconds);
        _runs.AddOrUpdate(
            share.RunId,
            _ => new KnownRun(JointRun.Of([share]), heard),
            (_, known) => new KnownRun(known.Run.Merge(JointRun.Of([share])), share.Generation < known.Run.Generation ? known.Heard : Math.Max(known.Heard, heard)));
    }

    public JointRun? Find(string id) => _runs.GetValueOrDefault(id)?.Run;

    /// <summary>Views of the runs, without those that are in <paramref name="isHere"/>.</summary>
    public IEnumerable<WorkflowStatus> Statuses(Func<string, bool> isHere) =>
        _runs.Where(known => !isHere(known.Key)).Select(known => StatusOf(known.Value));

    public WorkflowStatus? StatusOf(string id) => _runs.GetValueOrDefault(id) is { } known ? StatusOf(known) : null;

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
            foreach (var (id, _) in _runs.OrderBy(known => known.Value.Heard).Take(_runs.Count - Most))
            {
                _runs.TryRemove(id, out _);
            }
        }
    }

    private WorkflowStatus StatusOf(KnownRun known) =>
        known.Run.ToStatus(clock.ToWall(clock.Now), clock.Seconds(known.Heard, clock.Now) <= AliveFor);

    private sealed record KnownRun(JointRun Run, long Heard);
}
