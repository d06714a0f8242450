using System.Diagnostics.CodeAnalysis;
using ProgressTelemetry.Model;

namespace ProgressTelemetry.Runtime;

/// <summary>
/// Hands on what follows from a run's changes, in order and outside its lock: whoever finds nobody handing on hands on what is there, and nobody waits for another.
/// </summary>
internal sealed class EffectDelivery(LiveRun run, RunServices services)
{
    private bool _isHandingOn;
    private volatile bool _any;

    /// <summary>What waits to be handed on; guarded by the run's lock.</summary>
    public Effects Effects { get; } = new() { TasksAreHeard = services.TasksAreHeard() };

    /// <summary>Counts what has followed since the last time, under the run's lock: at once, so that no metric waits for what anybody does with the effects.</summary>
    public void Count()
    {
        if (!Effects.Any)
        {
            return;
        }

        foreach (ref readonly var effect in Effects.Uncounted())
        {
            services.Count(run, effect);
        }

        _any = Effects.Any;
    }

    /// <summary>Hands on what waits, if anything does: the quick way for changes that seldom have effects.</summary>
    public void HandOnAny()
    {
        if (_any)
        {
            HandOn();
        }
    }

    /// <summary>Hands on all that waits, as long as that isn't much; whoever finds more leaves it to the thread pool, so that no worker is held by what others do.</summary>
    public void HandOn()
    {
        services.Errors.Tell();
        for (var batch = 0; TryTake(out var effects); batch++)
        {
            HandOn(effects);
            if (batch > 0 && _any)
            {
                ThreadPool.UnsafeQueueUserWorkItem(static delivery => delivery.HandOn(), this, preferLocal: false);
                return;
            }
        }
    }

    private bool TryTake([NotNullWhen(true)] out List<Effect>? effects)
    {
        lock (run.Gate)
        {
            effects = _isHandingOn || !Effects.Any ? null : Effects.Take();
            _isHandingOn |= effects is not null;
            _any = Effects.Any;
            return effects is not null;
        }
    }

    private void HandOn(List<Effect> effects)
    {
        try
        {
            foreach (var effect in effects)
            {
                HandOn(effect);
            }
        }
        finally
        {
            Effects.Return(effects);
            lock (run.Gate)
            {
                _isHandingOn = false;
                _any = Effects.Any;
            }
        }
    }

    private void HandOn(in Effect effect)
    {
        if (effect.Kind == EffectKind.Ignored)
        {
            services.Ignored(run, effect);
            return;
        }

        if (effect.Kind == EffectKind.Lost)
        {
            services.Errors.Add(TrackerErrors.ListenerOverflow, $"run '{run.Id}' changes faster than it can be told: {effect.Count} updates were lost");
            return;
        }

        foreach (var sink in services.Sinks)
        {
            try
            {
                sink.Handle(run, effect);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                services.Errors.Add(TrackerErrors.PublishFailed, $"{sink.GetType().Name} failed", e);
            }
        }
    }
}
