using ProgressTelemetry.Model;
using ProgressTelemetry.Runtime;

namespace ProgressTelemetry.Storage;

/// <summary>Takes its turn with the store once a second, beside the work and never on its path: carries shares there and back, and what is to be told once over all processes.</summary>
internal sealed class StorePump : IEffectSink, IDisposable
{
    private const double LongestBackoff = 30, PrunePeriod = 3600;

    /// <summary>How often it is told that this process is there, while it works on runs, s.</summary>
    private const double PresencePeriod = 10;

    private readonly string _instance = Guid.NewGuid().ToString("N");
    private readonly LimitedStore _store;
    private readonly RunRegistry _registry;
    private readonly RunServices _services;
    private readonly ShareReader _reader;
    private readonly ShareWriter _writer;
    private readonly DueClaims _claims;
    private readonly SeriesLeases _leases;
    private readonly SignalListener? _listener;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopped;
    private readonly long _made;
    private long? _presenceTold;
    private long _turnStarted;
    private long _nextTry;
    private double _nextPrune;
    private int _failures;
    private int _isListening;
    private volatile bool _isStopping;

    public StorePump(IRunStore store, RunServices services, RunRegistry registry, Action<string, RunProfile> learn)
    {
        (_store, _services, _registry) = (new LimitedStore(store, services.Clock), services, registry);
        _stopped = _stop.Token;
        (_made, _nextTry) = (services.Clock.Now, services.Clock.Now);
        _claims = new DueClaims(_store, services, ShareWriter.MostWaiting);
        _reader = new ShareReader(_instance, _store, services, registry, learn);
        _writer = new ShareWriter(_store, services, registry, _reader.Known);
        _leases = new SeriesLeases(_store, services.Clock, registry);
        _listener = _store.Signals is { } signals ? new SignalListener(signals, _instance, services, registry, _reader.Wake, HearAsync) : null;
    }

    public KnownRuns Known => _reader.Known;

    private TrackerClock Clock => _services.Clock;

    /// <summary>What a run that starts now under this id goes on with; null when it is a new one.</summary>
    public KnownRun? Unfinished(string id) => !_writer.HasEnded(id) && Known.Find(id) is { Run.IsEnded: false } known ? known : null;

    /// <summary>A run starts. Called before anybody knows of it.</summary>
    public object Join(LiveRun run)
    {
        run.IsPublished = Known.Find(run.Id) is not { IsAlive: true };
        return new RunParticipation(_instance, run.Time.TakenUpWall, run.Identity.Restored);
    }

    public void Handle(LiveRun run, in Effect effect)
    {
        if (effect.Kind == EffectKind.Due)
        {
            _claims.Add(run, effect);
        }
        else if (effect.Kind == EffectKind.RunStarted && run.Identity.Restored is { } before)
        {
            // Whoever reached a milestone may not have come to telling of it.
            foreach (var milestone in before.Milestones.Where(milestone => milestone.ReachedAt is not null))
            {
                _claims.Add(run, new Effect(EffectKind.Due) { Due = EffectKind.MilestoneReached, Milestone = milestone });
            }
        }
    }

    /// <summary>A run ended. Called under its lock.</summary>
    public void Ended(LiveRun run)
    {
        if (run.Participation is RunParticipation own)
        {
            own.HasLeft |= run.Outcome.Ending == RunEnding.Left || (_isStopping && run.Model.Result == WorkflowResult.Abandoned);
            _writer.Ended(run, own);
        }
    }

    /// <summary>From now on, runs that are abandoned are left for whoever goes on with them.</summary>
    public void Stopping() => _isStopping = true;

    /// <summary>The tracker's timer, once a second.</summary>
    public void Tick(long now)
    {
        if (_listener is not null && Interlocked.Exchange(ref _isListening, 1) == 0)
        {
            _ = Task.Run(() => _listener.ListenAsync(_stopped));
        }

        if (!_turn.Wait(0, CancellationToken.None))
        {
            if (Volatile.Read(ref _turnStarted) is var started && Clock.Seconds(started, now) > 2 * LimitedStore.CallTimeout && Interlocked.CompareExchange(ref _turnStarted, now, started) == started)
            {
                _services.Errors.Add(TrackerErrors.StoreFailed, "the run store doesn't answer");
            }
        }
        else if (now < Volatile.Read(ref _nextTry))
        {
            try
            {
                // Who can't be heard of any more has gone, as far as is known here.
                _reader.HearOfOthers();
                _claims.TellWithoutStore();
            }
            finally
            {
                _turn.Release();
            }
        }
        else
        {
            // The turn is taken here and not in the pool: however late that comes to it, one turn waits, and not one for each second.
            Volatile.Write(ref _turnStarted, now);
            _ = Task.Run(() => TakeTurnAsync(TurnAsync, _stopped));
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

        _reader.ReadAllNext();
        return await TakeTurnAsync(TurnAsync, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Where not all runs are followed: reads what the store has of one, which is followed for a while from then on.</summary>
    public async Task LookUpAsync(string runId, CancellationToken cancellationToken)
    {
        if (!_services.Settings.FollowsAllStoredRuns)
        {
            _reader.Ask(runId);
            await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
            await TakeTurnAsync(ReadAsync, cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    // Whoever calls it has the turn.
    private async Task<bool> TakeTurnAsync(Func<CancellationToken, Task> turn, CancellationToken cancellationToken)
    {
        try
        {
            Volatile.Write(ref _turnStarted, Clock.Now);
            await turn(cancellationToken).ConfigureAwait(false);
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

    private async Task TurnAsync(CancellationToken cancellationToken)
    {
        _writer.Collect();
        await ReadAsync(cancellationToken).ConfigureAwait(false);
        var shared = await _writer.PutAsync(cancellationToken).ConfigureAwait(false);
        await _store.SignalAsync(_instance, shared, cancellationToken).ConfigureAwait(false);
        await TellPresentAsync(cancellationToken).ConfigureAwait(false);
        _reader.HearOfOthers();
        await _claims.SettleAsync(cancellationToken).ConfigureAwait(false);
        await _leases.RenewAsync(cancellationToken).ConfigureAwait(false);
        await PruneAsync(cancellationToken).ConfigureAwait(false);
    }

    // Others have put something: read only, or each turn would wake the others in turn. A store that fails is left alone.
    private async Task HearAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (Clock.Now < Volatile.Read(ref _nextTry))
        {
            _turn.Release();
            return;
        }

        await TakeTurnAsync(
            async ct =>
            {
                await ReadAsync(ct).ConfigureAwait(false);
                _reader.HearOfOthers();
            },
            cancellationToken).ConfigureAwait(false);
    }

    private Task ReadAsync(CancellationToken cancellationToken) => _reader.ReadAsync(_writer.Unplaced, cancellationToken);

    private async Task TellPresentAsync(CancellationToken cancellationToken)
    {
        if (_registry.LiveCount > 0 && (_presenceTold is not { } told || Clock.Seconds(told, Clock.Now) >= PresencePeriod))
        {
            await _store.TellPresentAsync(_instance, cancellationToken).ConfigureAwait(false);
            _presenceTold = Clock.Now;
        }
    }

    private async Task PruneAsync(CancellationToken cancellationToken)
    {
        if (Clock.Seconds(_made, Clock.Now) >= _nextPrune)
        {
            await _store.PruneAsync(_services.Settings.StoredRunRetention, cancellationToken).ConfigureAwait(false);
            _nextPrune = Clock.Seconds(_made, Clock.Now) + PrunePeriod;
        }
    }
}
