using System.Collections.Concurrent;
using ProgressTelemetry.Model;
using ProgressTelemetry.Runtime;

namespace ProgressTelemetry.Storage;

/// <summary>Collects the shares of this process, live and ended runs', and puts those into the store that it has not. Of each run the newest share is all that waits, so that a store that is slow or gone costs bounded memory.</summary>
internal sealed class ShareWriter(LimitedStore store, RunServices services, RunRegistry registry, KnownRuns known)
{
    public const int MostWaiting = 10_000;

    /// <summary>Unchanged runs are told of again after this, s, and then less and less often, so that of the time that they ran little is lost when the process is killed.</summary>
    private const double ShortestQuiet = 60;

    /// <summary>Unchanged runs are told of this often at least, s.</summary>
    public const double LongestQuiet = 300;

    private const int Batch = 500;

    private readonly ConcurrentQueue<LiveRun> _ended = new();
    private readonly ConcurrentDictionary<string, RunParticipation> _endedHere = new(StringComparer.Ordinal);
    private readonly WaitingShares _waiting = new(MostWaiting);

    /// <summary>Whether a run of the id has ended here, of which the store hasn't heard.</summary>
    public bool HasEnded(string id) => _endedHere.ContainsKey(id);

    /// <summary>A run ended. Called under its lock.</summary>
    public void Ended(LiveRun run, RunParticipation own)
    {
        if (!own.HasLeft)
        {
            _endedHere[run.Id] = own;
        }

        if (_ended.Count < MostWaiting)
        {
            _ended.Enqueue(run);
        }
        else
        {
            services.Errors.AddQuietly(TrackerErrors.StoreFailed, () => "more runs ended than wait for the store: the last of some was lost");
        }
    }

    public void Collect()
    {
        while (_ended.TryDequeue(out var run))
        {
            Collect(run);
        }

        foreach (var run in registry.Live)
        {
            Collect(run);
        }

        while (_waiting.TryDrop(registry.LiveCount, out var dropped))
        {
            Settled(dropped);
            services.Errors.Add(TrackerErrors.StoreFailed, "the run store was gone for too long: the last of some ended runs was lost");
        }
    }

    /// <summary>The runs of which it isn't known yet what the store has of their ids.</summary>
    public IEnumerable<string> Unplaced => _waiting.All.Where(waiting => waiting.Own.Generation is null).Select(waiting => waiting.Share.RunId);

    /// <returns>The runs that others work on too.</returns>
    public async Task<IReadOnlyCollection<string>> PutAsync(CancellationToken cancellationToken)
    {
        var shared = new HashSet<string>(StringComparer.Ordinal);
        while (_waiting.Count > 0)
        {
            var batch = _waiting.First(Batch);
            RunShare[] placed = [.. batch.Select(waiting => Placed(waiting.Own, waiting.Share))];
            await store.PutAsync(placed, cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < batch.Length; i++)
            {
                _waiting.Remove(batch[i].Own, batch[i].Share);
                if (placed[i].Result is not null)
                {
                    Settled(batch[i].Own);
                }

                if (batch[i].Own.Heard.Present > 0)
                {
                    shared.Add(placed[i].RunId);
                }
            }
        }

        return shared;
    }

    private void Collect(LiveRun run)
    {
        if (run.Participation is not RunParticipation own)
        {
            return;
        }

        // Of very many runs, most have not changed since the last turn: those cost next to nothing.
        var now = services.Clock.Now;
        var isQuiet = own.Last is not null && services.Clock.Seconds(own.LastMade, now) < QuietFor(services.Clock.Seconds(own.LastChanged, now));
        var (source, share) = run.Read((live, at) =>
        {
            var source = new ShareSource(live.Changes, live.Model.State, live.Activity is not null, own.Heard.Sequences, own.Heard.Present);
            return (source, isQuiet && source == own.LastSource ? null : ShareMaker.Of(live, own, at));
        });
        if (share is null)
        {
            return;
        }

        var content = ShareMaker.ContentOf(share, own.Others);
        var isChanged = own.Last is null || content != own.LastContent;
        if (isChanged || !isQuiet)
        {
            (own.Last, own.LastContent, own.LastMade, own.LastChanged) = (share, content, now, isChanged ? now : own.LastChanged);
            _waiting.Add(own, share);
        }

        own.LastSource = source;
    }

    // Half the time that nothing has changed, and well within what the store keeps.
    private double QuietFor(double unchanged) => Math.Min(Math.Max(ShortestQuiet, unchanged / 2), Math.Min(services.Settings.StoredRunRetention.TotalSeconds / 4, LongestQuiet));

    // What is not known to belong to an unfinished run of its id is the next run of that id.
    private RunShare Placed(RunParticipation own, RunShare share)
    {
        own.Generation ??= known.Find(share.RunId)?.Run is { } before ? before.Generation + (before.IsEnded ? 1 : 0) : 0;
        var placed = share with { Generation = own.Generation.Value, PutAt = services.Clock.ToWall(services.Clock.Now) };
        known.Add(placed);
        return placed;
    }

    private void Settled(RunParticipation own)
    {
        if (own.Last is { } last)
        {
            _endedHere.TryRemove(new KeyValuePair<string, RunParticipation>(last.RunId, own));
        }
    }
}
