namespace ProgressTelemetry.AspNetCore.Waiting;

/// <summary>
/// Looks at one run once a second for all who see it through alike tokens, however many they are. It reads and does not listen, so that it adds nothing to the tracked work, and finds a run that was not there before.
/// </summary>
internal sealed class RunWatch : IDisposable
{
    /// <summary>The time between two looks.</summary>
    internal static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <summary>While nothing happens, what is known is sent again, so that readers and proxies see that the connection works.</summary>
    internal static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    private readonly IRunReader _reader;
    private readonly TimeProvider _clock;
    private readonly Action<Exception> _failed;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private TaskCompletionSource _published = NewSignal();
    private LiveFrame _latest;
    private long _publishedAt;
    private int _isLooking;

    public RunWatch(ProgressScope scope, IRunReader reader, TimeProvider clock, Action<Exception> failed)
    {
        Scope = scope;
        (_reader, _clock, _failed) = (reader, clock, failed);
        _latest = LiveFrame.Read(reader, scope, clock.GetUtcNow());
        _publishedAt = clock.GetTimestamp();

        // The timer outlives the request that starts it, so it must not carry that request's Activity or other context.
        using (ExecutionContext.SuppressFlow())
        {
            _timer = clock.CreateTimer(static watch => ((RunWatch)watch!).Look(), this, Tick, Tick);
        }
    }

    public ProgressScope Scope { get; }

    /// <summary>How many read; kept by the feed.</summary>
    public int Readers { get; set; }

    /// <summary>The latest frame, once it is another than the one that the reader has: who is slow misses what was between.</summary>
    /// <exception cref="OperationCanceledException">The reader waits no longer.</exception>
    public async ValueTask<LiveFrame> NextAsync(LiveFrame? seen, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task published;
            lock (_gate)
            {
                if (!ReferenceEquals(_latest, seen))
                {
                    return _latest;
                }

                published = _published.Task;
            }

            await published.WaitAsync(cancellationToken);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        if (Interlocked.Exchange(ref _isLooking, 1) != 0)
        {
            return;
        }

        try
        {
            var frame = LiveFrame.Read(_reader, Scope, _clock.GetUtcNow());
            if (!frame.SaysTheSameAs(_latest) || _clock.GetElapsedTime(_publishedAt) >= KeepAlive)
            {
                Publish(frame);
            }
        }
        catch (Exception error)
        {
            // Nobody is above a timer's callback. Readers notice the silence.
            _failed(error);
        }
        finally
        {
            Volatile.Write(ref _isLooking, 0);
        }
    }

    private void Publish(LiveFrame frame)
    {
        TaskCompletionSource published;
        lock (_gate)
        {
            _latest = frame;
            _publishedAt = _clock.GetTimestamp();
            (published, _published) = (_published, NewSignal());
        }

        published.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
