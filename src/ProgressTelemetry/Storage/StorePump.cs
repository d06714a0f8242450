using System.Collections.Concurrent;
using ProgressTelemetry.Model;
using ProgressTelemetry.Runtime;

namespace ProgressTelemetry.Storage;

/// <summary>
/// Carries shares to the store and back, once a second, beside the work and never on its path: of each run the newest share is all that waits, so that a store that is slow or gone costs bounded memory, and when it is back
/// all is caught up with.
/// </summary>
internal sealed class StorePump : IEffectSink, IDisposable
{
    /// <summary>Unchanged runs are told of this often, s, so that others know that their participant is there.</summary>
    private const double Heartbeat = 10;

    /// <summary>A store that takes longer has failed, s.</summary>
    private const double CallTimeout = 10;

    private const double LongestBackoff = 30, PrunePeriod = 3600;
    private const int MostWaiting = 10_000, Batch = 500;

    private readonly IRunStore _store;
    private readonly RunServices _services;
    private readonly RunRegistry _registry;
    private readonly MilestoneClaims _claims;
    private readonly ConcurrentQueue<LiveRun> _ended = new();
    private readonly ConcurrentDictionary<string, RunParticipation> _endedHere = new(StringComparer.Ordinal);
    private readonly WaitingShares _waiting = new(MostWaiting);
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopped;
    private readonly long _made;
    private string? _cursor;
    private long _turnStarted;
    private long _nextTry;
    private double _nextPrune;
    private int _failures;
    private volatile bool _isStopping;

    public StorePump(IRunStore store, RunServices services, RunRegistry registry)
    {
        (_store, _services, _registry) = (store, services, registry);
        _stopped = _stop.Token;
        (_made, _nextTry) = (services.Clock.Now, services.Clock.Now);
        _claims = new MilestoneClaims(services.Errors, MostWaiting);
        Known = new KnownRuns(services.Clock);
    }

    public KnownRuns Known { get; }

    private TrackerClock Clock => _services.Clock;

    /// <summary>What a run that starts now under this id goes on with; null when it is a new one.</summary>
    public RunShare? Unfinished(string id) => !_endedHere.ContainsKey(id) && Known.Find(id) is { IsEnded: false } known ? known.Total : null;

    /// <summary>A run starts. Called before anybody knows of it.</summary>
    public static object Join(LiveRun run) => new RunParticipation(run.Time.TakenUpWall, run.Identity.Restored);

    public void Handle(LiveRun run, in Effect effect)
    {
        if (effect.Kind == EffectKind.MilestoneDue)
        {
            _claims.Add(run, effect.Milestone!);
        }
        else if (effect.Kind == EffectKind.RunStarted && run.Identity.Restored is { } before)
        {
            // Whoever reached a milestone may not have come to telling of it.
            foreach (var milestone in before.Milestones.Where(milestone => milestone.ReachedAt is not null))
            {
                _claims.Add(run, milestone);
            }
        }
    }

    /// <summary>A run ended. Called under its lock.</summary>
    public void Ended(LiveRun run)
    {
        if (run.Participation is not RunParticipation own)
        {
            return;
        }

        own.HasLeft = _isStopping && run.Model.Result == WorkflowResult.Abandoned;
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
            _services.Errors.AddQuietly(TrackerErrors.StoreFailed, () => "more runs ended than wait for the store: the last of some was lost");
        }
    }

    /// <summary>From now on, runs that are abandoned are left for whoever goes on with them.</summary>
    public void Stopping() => _isStopping = true;

    /// <summary>The tracker's timer, once a second.</summary>
    public void Tick(long now)
    {
        if (!_turn.Wait(0, CancellationToken.None))
        {
            if (Volatile.Read(ref _turnStarted) is var started && Clock.Seconds(started, now) > 2 * CallTimeout && Interlocked.CompareExchange(ref _turnStarted, now, started) == started)
            {
                _services.Errors.Add(TrackerErrors.StoreFailed, "the run store doesn't answer");
            }
        }
        else if (now < Volatile.Read(ref _nextTry))
        {
            _turn.Release();
        }
        else
        {
            // The turn is taken here and not in the pool: however late that comes to it, one turn waits, and not one for each second.
            Volatile.Write(ref _turnStarted, now);
            _ = Task.Run(() => TakeTurnAsync(_stopped));
        }
    }

    /// <summary>Puts all that the store has not, and reads what has changed there. A store that fails is counted, and asked again later. Returns whether it is done.</summary>
    public async Task<bool> FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        return await TakeTurnAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    // Whoever calls it has the turn.
    private async Task<bool> TakeTurnAsync(CancellationToken cancellationToken)
    {
        try
        {
            Volatile.Write(ref _turnStarted, Clock.Now);
            Collect();
            await ReadAsync(cancellationToken).ConfigureAwait(false);
            await PutAsync(cancellationToken).ConfigureAwait(false);
            await _claims.SettleAsync((run, own, what) => Call(ct => _store.TryClaimAsync(run.Id, own.Generation ?? 0, what, own.Participant, ct), cancellationToken)).ConfigureAwait(false);
            await PruneAsync(cancellationToken).ConfigureAwait(false);
            _failures = 0;
            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                _services.Errors.Add(TrackerErrors.StoreFailed, $"the run store failed ({e.GetType().Name})", e);
                Volatile.Write(ref _nextTry, Clock.Add(Clock.Now, Math.Min(LongestBackoff, Math.Pow(2, Math.Min(_failures++, 10)))));
            }

            return false;
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Collect()
    {
        while (_ended.TryDequeue(out var run))
        {
            Collect(run);
        }

        foreach (var run in _registry.Live)
        {
            Collect(run);
        }

        while (_waiting.TryDrop(_registry.LiveCount, out var dropped))
        {
            Settled(dropped);
            _services.Errors.Add(TrackerErrors.StoreFailed, "the run store was gone for too long: the last of some ended runs was lost");
        }
    }

    private void Collect(LiveRun run)
    {
        if (run.Participation is not RunParticipation own)
        {
            return;
        }

        var now = Clock.Now;
        var share = run.Read((live, at) => ShareMaker.Of(live, own, at));
        var content = ShareMaker.ContentOf(share);
        if (own.Last is null || content != own.LastContent || Clock.Seconds(own.LastMade, now) >= Heartbeat)
        {
            (own.Last, own.LastContent, own.LastMade) = (share, content, now);
            _waiting.Add(own, share);
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        for (var isAll = false; !isAll;)
        {
            var changes = await Call(ct => _store.GetChangesAsync(_cursor, Batch, ct), cancellationToken).ConfigureAwait(false);
            foreach (var stored in changes.Shares)
            {
                if (stored is { Share.IsValid: true })
                {
                    Known.Add(stored.Share, stored.Age);
                }
                else
                {
                    _services.Errors.Add(TrackerErrors.StoreFailed, "a share in the run store is incomplete or out of range");
                }
            }

            (_cursor, isAll) = (changes.Cursor, changes.IsAll);
        }

        Known.Prune(_services.Settings.EndedRunRetention);
    }

    private async Task PutAsync(CancellationToken cancellationToken)
    {
        while (_waiting.Count > 0)
        {
            var batch = _waiting.First(Batch);
            RunShare[] placed = [.. batch.Select(waiting => Placed(waiting.Own, waiting.Share))];
            await Call(async ct => { await _store.PutAsync(placed, ct).ConfigureAwait(false); return true; }, cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < batch.Length; i++)
            {
                _waiting.Remove(batch[i].Own, batch[i].Share);
                if (placed[i].Result is not null)
                {
                    Settled(batch[i].Own);
                }
            }
        }
    }

    // What is not known to belong to an unfinished run of its id is the next run of that id.
    private RunShare Placed(RunParticipation own, RunShare share)
    {
        own.Generation ??= Known.Find(share.RunId) is { } known ? known.Generation + (known.IsEnded ? 1 : 0) : 0;
        var placed = share with { Generation = own.Generation.Value };
        Known.Add(placed, TimeSpan.Zero);
        return placed;
    }

    private void Settled(RunParticipation own)
    {
        if (own.Last is { } last)
        {
            _endedHere.TryRemove(new KeyValuePair<string, RunParticipation>(last.RunId, own));
        }
    }

    private async Task PruneAsync(CancellationToken cancellationToken)
    {
        if (Clock.Seconds(_made, Clock.Now) < _nextPrune)
        {
            return;
        }

        await Call(async ct => { await _store.PruneAsync(_services.Settings.StoredRunRetention, _services.Settings.StoredRunRetention, ct).ConfigureAwait(false); return true; }, cancellationToken).ConfigureAwait(false);
        _nextPrune = Clock.Seconds(_made, Clock.Now) + PrunePeriod;
    }

    private async Task<T> Call<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(CallTimeout), Clock.Provider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        return await call(either.Token).ConfigureAwait(false);
    }
}
