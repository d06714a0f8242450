using System.Collections.Concurrent;
using ProgressTelemetry.Estimation;
using ProgressTelemetry.Model;
using ProgressTelemetry.Model.Changes;
using ProgressTelemetry.Runtime;

namespace ProgressTelemetry.Storage;

/// <summary>Reads what has changed in the store, and lets the live runs hear what others do for them.</summary>
/// <param name="instance">This process.</param>
/// <param name="store">The store.</param>
/// <param name="services">What runs share.</param>
/// <param name="registry">The live runs.</param>
/// <param name="learn">Told of the profiles of runs that ended well elsewhere, the oldest first.</param>
internal sealed class ShareReader(string instance, LimitedStore store, RunServices services, RunRegistry registry, Action<string, RunProfile> learn)
{
    private const int Batch = 500;

    /// <summary>How often it is asked whether somebody has joined a run that this process alone works on, where not all runs are followed, s.</summary>
    private const double FollowedPeriod = 5;

    /// <summary>How often it is asked which processes are there, s.</summary>
    private const double PresencePeriod = 5;

    /// <summary>A run that was asked for is followed for so long, s.</summary>
    private const double AskedFor = 60;

    private readonly TrackerClock _clock = services.Clock;
    private readonly ConcurrentDictionary<string, long> _asked = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _woken = new(StringComparer.Ordinal);
    private HashSet<string> _followed = new(StringComparer.Ordinal);
    private string? _cursor;
    private string? _sharedCursor;
    private long? _followedRead;
    private long? _presenceRead;

    public KnownRuns Known { get; } = new(new Presence(instance, services.Clock), services.Clock);

    /// <summary>From the next reading on, the run is followed for a while, whether or not it is one of this process's.</summary>
    public void Ask(string runId) => _asked[runId] = _clock.Now;

    /// <summary>The next reading is of all runs that are followed.</summary>
    public void ReadAllNext() => _followedRead = null;

    /// <summary>Somebody else put something of a run of this process. Where all runs are followed, each reading is of it anyhow.</summary>
    public void Wake(string runId)
    {
        if (!services.Settings.FollowsAllStoredRuns)
        {
            _woken[runId] = true;
        }
    }

    /// <param name="unplaced">Runs of this process of which the store hasn't been told yet.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task ReadAsync(IEnumerable<string> unplaced, CancellationToken cancellationToken)
    {
        // Before the reading: what is read of an old run is needed until the next one of its id has its place.
        Known.Prune(services.Settings.EndedRunRetention);
        var ended = new HashSet<string>(StringComparer.Ordinal);
        if (services.Settings.FollowsAllStoredRuns)
        {
            await ReadNewAsync([.. unplaced.Where(id => Known.Find(id) is null)], cancellationToken).ConfigureAwait(false);
            await ReadChangesAsync(_cursor, null, ended, cursor => _cursor = cursor, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await ReadFollowedAsync([.. unplaced], ended, cancellationToken).ConfigureAwait(false);
        }

        await ReadPresenceAsync(cancellationToken).ConfigureAwait(false);
        Learn(ended);
    }

    private async Task ReadFollowedAsync(HashSet<string> ids, HashSet<string> ended, CancellationToken cancellationToken)
    {
        ids.UnionWith(registry.Live.Select(run => run.Id));
        ids.UnionWith(_asked.Where(asked => _clock.Seconds(asked.Value, _clock.Now) <= AskedFor).Select(asked => asked.Key));
        foreach (var late in _asked.Where(asked => !ids.Contains(asked.Key)))
        {
            _asked.TryRemove(late);
        }

        await ReadNewAsync([.. ids.Except(_followed)], cancellationToken).ConfigureAwait(false);

        // Those that others work on each time; whether somebody has joined the others, now and then, or when it is said.
        var shared = ids.Where(IsShared).ToHashSet(StringComparer.Ordinal);
        var woken = _woken.Keys.Where(id => _woken.TryRemove(id, out _)).ToList();
        if (woken.Any(id => !shared.Contains(id)) || _followedRead is not { } read || _clock.Seconds(read, _clock.Now) >= FollowedPeriod)
        {
            if (ids.Count > 0)
            {
                await ReadChangesAsync(_cursor, ids, ended, cursor => _cursor = _sharedCursor = cursor, cancellationToken).ConfigureAwait(false);
            }

            _followedRead = _clock.Now;
        }
        else if (shared.Count > 0)
        {
            await ReadChangesAsync(_sharedCursor, shared, ended, cursor => _sharedCursor = cursor, cancellationToken).ConfigureAwait(false);
        }

        Known.Keep(ids);
        _followed = ids;
    }

    private bool IsShared(string id) => Known.Find(id) is { } known && known.Run.Shares.Any(share => share.Instance != instance);

    // All that the store has of runs of which nothing is known here, or no more: an id may be one that was used before, perhaps by this process.
    private Task ReadNewAsync(List<string> ids, CancellationToken cancellationToken) =>
        ids.Count == 0 ? Task.CompletedTask : ReadAsync(new ShareQuery(null, Batch) { RunIds = ids }, [], _ => { }, cancellationToken);

    // What is new. A cursor is of all runs, whichever are asked for; what this process put it knows.
    private Task ReadChangesAsync(string? cursor, HashSet<string>? ids, HashSet<string> ended, Action<string> advance, CancellationToken cancellationToken) =>
        ReadAsync(new ShareQuery(cursor, Batch) { RunIds = ids, NotOf = instance }, ended, advance, cancellationToken);

    // Page by page: one that fails is where the next reading goes on.
    private async Task ReadAsync(ShareQuery query, HashSet<string> ended, Action<string> advance, CancellationToken cancellationToken)
    {
        for (var isAll = false; !isAll;)
        {
            var changes = await store.GetChangesAsync(query, cancellationToken).ConfigureAwait(false);
            foreach (var stored in changes.Shares)
            {
                Add(stored, ended);
            }

            (query, isAll) = (query with { Cursor = changes.Cursor }, changes.IsAll);
            advance(changes.Cursor);
        }
    }

    private void Add(StoredShare stored, HashSet<string> ended)
    {
        if (stored is { Share.IsValid: true })
        {
            Known.Add(stored.Share, stored.Age);
            if (stored.Share.Result == WorkflowResult.Success)
            {
                ended.Add(stored.Share.RunId);
            }
        }
        else
        {
            services.Errors.Add(TrackerErrors.StoreFailed, "a share in the run store is incomplete or out of range");
        }
    }

    // Of this process's runs those of others that work on them; of all processes when all runs are followed.
    private async Task ReadPresenceAsync(CancellationToken cancellationToken)
    {
        if (_presenceRead is not { } read || _clock.Seconds(read, _clock.Now) >= PresencePeriod)
        {
            string[]? asked = services.Settings.FollowsAllStoredRuns ? null
                : [.. Known.All.SelectMany(known => known.Run.Shares).Where(share => share is { LeftAt: null, Result: null }).Select(share => share.Instance).OfType<string>().Where(other => other != instance).Distinct()];
            if (asked is not [])
            {
                Known.Presence.Hear(await store.GetPresentAsync(asked, TimeSpan.FromSeconds(Presence.AliveFor), cancellationToken).ConfigureAwait(false));
            }

            _presenceRead = _clock.Now;
        }
    }

    // What ended here is known better: its course too.
    private void Learn(HashSet<string> ended)
    {
        foreach (var run in ended.Where(id => registry.Find(id) is null).Select(Known.Find).OfType<KnownRun>().OrderBy(run => run.EndedAt))
        {
            if (run.Run.Total.Result == WorkflowResult.Success)
            {
                var view = run.ToView();
                learn(run.Workflow, ProfileMaker.Of(view.Model, view.Total.RanSeconds, view.Total.Version));
            }
        }
    }

    /// <summary>Live runs hear of those that work on them too, and of their end. Nothing of the store is asked for it.</summary>
    public void HearOfOthers()
    {
        foreach (var run in registry.Live)
        {
            // Most runs are of one process alone.
            if (run.Participation is RunParticipation { Generation: not null } own && Known.Find(run.Id) is { } known
                && !(known.Run.Shares is [var only] && only.Participant == own.Participant))
            {
                Hear(run, own, known);
            }
        }
    }

    private static void Hear(LiveRun run, RunParticipation own, KnownRun known)
    {
        if (known.Run.Generation > own.Generation)
        {
            // It has ended elsewhere, and its id was used again, before that was heard of here.
            Ended(run, own, WorkflowResult.Abandoned, null);
            return;
        }

        RunShare[] others = [.. known.Present().Where(share => share.Participant != own.Participant)];
        RunShare[] present = [.. others.Where(share => share is { LeftAt: null, Result: null })];
        var heard = (others.Sum(share => share.Sequence), present.Length);
        if (others.Length == 0 || heard == own.Heard)
        {
            return;
        }

        // The work goes on while shares are put together, however many they are.
        var share = run.Read((live, now) => ShareMaker.Of(live, own, now));
        var after = OthersShare.Of(others, share);
        if (run.Apply(new HearOfOthers(own.Others, after, share, OthersShare.ActivityOf(present))))
        {
            (own.Others, own.Heard) = (after, heard);
            if (present.Length == 0)
            {
                (own.LeaseAsked, run.IsPublished) = (null, true);
            }
        }

        if (others.Where(share => share.Result is not null).MinBy(share => share.EndedAt) is { } end)
        {
            Ended(run, own, end.Result!.Value, end.ErrorType);
        }
    }

    private static void Ended(LiveRun run, RunParticipation own, WorkflowResult result, string? errorType)
    {
        own.HasLeft = true;
        run.Outcome.End(result, errorType, isDispose: true, ending: RunEnding.Heard);
    }
}
