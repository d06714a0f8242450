using ProgressTelemetry.Model;
using ProgressTelemetry.Runtime;

namespace ProgressTelemetry.Listeners;

/// <summary>
/// One listener's bounded queue: told in order, one at a time, on the thread pool and never by the work. A listener that is slower than its runs loses updates of tasks first, and then everything that is more than the queue holds;
/// what is lost is counted.
/// </summary>
internal sealed class ListenerQueue(ProgressListener listener, TrackerErrors errors) : IThreadPoolWorkItem
{
    /// <summary>Updates of single tasks are dropped while this many events wait.</summary>
    public const int MostTaskUpdates = 4096;

    /// <summary>No more events than this wait.</summary>
    public const int MostEvents = 8192;

    private readonly Lock _gate = new();
    private readonly Queue<(LiveRun Run, Effect Effect, WorkflowStatus? Final)> _events = new();
    private bool _isTelling;
    private bool _isOver;
    private TaskCompletionSource? _idle;

    public ProgressListener Listener { get; } = listener;

    /// <summary>Asked once: while a listener hears of tasks, each task that is merely counted is looked at.</summary>
    public bool HearsTasks { get; } = Ask(listener, errors);

    public void Add(LiveRun run, in Effect effect)
    {
        var isTask = effect.Kind is EffectKind.TaskUpdated or EffectKind.TasksCounted;
        lock (_gate)
        {
            if (_isOver || (isTask && !HearsTasks))
            {
                return;
            }

            if (_events.Count >= (isTask ? MostTaskUpdates : MostEvents))
            {
                // Counted tasks are told by the effect that waits already, or by the next one.
                if (effect.Kind == EffectKind.TasksCounted)
                {
                    effect.Stage!.IsCountPending = false;
                }

                isTask = true;
            }
            else
            {
                isTask = false;
                _events.Enqueue((run, effect, effect.TellsEnd ? run.Final : null));
                if (_isTelling)
                {
                    return;
                }

                _isTelling = true;
            }
        }

        if (isTask)
        {
            errors.Add(TrackerErrors.ListenerOverflow, $"listener {Listener.GetType().Name} is slower than its runs: it lost an event of run '{run.Id}'");
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>What happens from now on isn't told.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isOver = true;
        }
    }

    /// <summary>Completes when all that was added has been told.</summary>
    public Task DrainAsync()
    {
        lock (_gate)
        {
            return _isTelling ? (_idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task : Task.CompletedTask;
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (true)
        {
            (LiveRun Run, Effect Effect, WorkflowStatus? Final) next;
            lock (_gate)
            {
                if (!_events.TryDequeue(out next))
                {
                    _isTelling = false;
                    _idle?.TrySetResult();
                    _idle = null;
                    return;
                }
            }

            try
            {
                ListenerCalls.Tell(Listener, next.Run, next.Effect, next.Final);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                errors.Add(TrackerErrors.ListenerFailed, $"listener {Listener.GetType().Name} failed", e);
            }
        }
    }

    private static bool Ask(ProgressListener listener, TrackerErrors errors)
    {
        try
        {
            return listener.HearsTasks;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            errors.Add(TrackerErrors.ListenerFailed, $"listener {listener.GetType().Name} failed", e);
            return true;
        }
    }
}
