using System.Collections.Immutable;
using ProgressTelemetry.Model;
using ProgressTelemetry.Runtime;

namespace ProgressTelemetry.Listeners;

/// <summary>
/// All listeners of a tracker. Those that come from services are made on the thread pool, when the host or the first run starts and not before, so that they may ask for the tracker and hold up nobody; what happens meanwhile waits
/// for them, bounded.
/// </summary>
internal sealed class ListenerHub : IEffectSink
{
    /// <summary>Attempts to make the services' listeners are at least so far apart.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly TrackerErrors _errors;
    private readonly TrackerClock _clock;
    private readonly Queue<(LiveRun Run, Effect Effect)> _early = new();
    private Func<IEnumerable<ProgressListener>>? _make;
    private ImmutableArray<ListenerQueue> _queues = [];
    private Task _making = Task.CompletedTask;
    private long? _lastTry;

    public ListenerHub(IEnumerable<ProgressListener> listeners, TrackerErrors errors, TrackerClock clock)
    {
        (_errors, _clock) = (errors, clock);
        foreach (var listener in listeners)
        {
            _queues = _queues.Add(new ListenerQueue(listener ?? throw new ArgumentException("A listener is null.", nameof(listeners)), errors));
        }
    }

    /// <summary>Called when it has changed whether anybody hears of tasks.</summary>
    public Action? Changed { get; set; }

    /// <summary>Where further listeners come from; whoever throws here is asked again later.</summary>
    public Func<IEnumerable<ProgressListener>>? Make
    {
        set => _make = value;
    }

    public bool TasksAreHeard
    {
        get
        {
            foreach (var queue in _queues)
            {
                if (queue.HearsTasks)
                {
                    return true;
                }
            }

            return Volatile.Read(ref _make) is not null;
        }
    }

    public void Handle(LiveRun run, in Effect effect)
    {
        if (Volatile.Read(ref _make) is not null && KeepForLater(run, effect))
        {
            return;
        }

        Tell(_queues, run, effect);
    }

    /// <summary>Lets one more listener hear of what happens from now on, until what is returned is disposed.</summary>
    public IDisposable Subscribe(ProgressListener listener)
    {
        var queue = new ListenerQueue(listener, _errors);
        ImmutableInterlocked.Update(ref _queues, static (list, added) => list.Add(added), queue);
        Changed?.Invoke();
        return new Subscription(this, queue);
    }

    /// <summary>Has the services' listeners made, unless they were or can't be just now. The task completes when that has been tried.</summary>
    public Task MakeAsync()
    {
        lock (_gate)
        {
            if (_make is null || !_making.IsCompleted || (_lastTry is { } last && _clock.Seconds(last, _clock.Now) < RetryAfter.TotalSeconds))
            {
                return _making;
            }

            _lastTry = _clock.Now;
            return _making = Task.Run(MakeNow);
        }
    }

    /// <summary>Completes when the listeners have been told all that happened before the call.</summary>
    public async Task DrainAsync()
    {
        await MakeAsync().ConfigureAwait(false);
        await Task.WhenAll(_queues.Select(queue => queue.DrainAsync())).ConfigureAwait(false);
    }

    /// <summary>Nobody is told any more.</summary>
    public void End()
    {
        Volatile.Write(ref _make, null);
        foreach (var queue in _queues)
        {
            queue.End();
        }
    }

    private void Remove(ListenerQueue queue)
    {
        ImmutableInterlocked.Update(ref _queues, static (list, gone) => list.Remove(gone), queue);
        queue.End();
        Changed?.Invoke();
    }

    private bool KeepForLater(LiveRun run, in Effect effect)
    {
        _ = MakeAsync();
        lock (_gate)
        {
            if (_make is null)
            {
                return false;
            }

            // Counts are read when they are told; those who listen already must not wait for those who can't be made.
            if (_early.Count < ListenerQueue.MostEvents)
            {
                _early.Enqueue((run, effect));
            }

            Tell(_queues, run, effect);
            return true;
        }
    }

    private static void Tell(ImmutableArray<ListenerQueue> queues, LiveRun run, in Effect effect)
    {
        var isHeard = effect.Kind != EffectKind.TasksCounted;
        foreach (var queue in queues)
        {
            queue.Add(run, effect);
            isHeard |= queue.HearsTasks;
        }

        if (!isHeard)
        {
            effect.Stage!.IsCountPending = false;
        }
    }

    private void MakeNow()
    {
        if (Volatile.Read(ref _make) is not { } make)
        {
            return;
        }

        try
        {
            var made = make().Select(listener => new ListenerQueue(listener, _errors)).ToImmutableArray();
            lock (_gate)
            {
                while (_early.TryDequeue(out var early))
                {
                    Tell(made, early.Run, early.Effect);
                }

                ImmutableInterlocked.Update(ref _queues, list => list.InsertRange(0, made));
                Volatile.Write(ref _make, null);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _errors.Add(TrackerErrors.ListenerFailed, "the services' listeners could not be made", e);
            return;
        }

        Changed?.Invoke();
    }

    private sealed class Subscription(ListenerHub hub, ListenerQueue queue) : IDisposable
    {
        private ListenerQueue? _queue = queue;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _queue, null) is { } own)
            {
                hub.Remove(own);
            }
        }
    }
}
