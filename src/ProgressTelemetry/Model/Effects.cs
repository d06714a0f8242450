using System.Runtime.InteropServices;

namespace ProgressTelemetry.Model;

/// <summary>The effects of changes, in order, until somebody takes them. Bounded: of what changes faster than it is taken, updates of tasks are lost first, then revisions and waits; starts and ends never. Not thread-safe: the run's lock guards it.</summary>
internal sealed class Effects
{
    private const int MostUpdates = 4096, MostOthers = 8192;

    /// <summary>A longer list isn't kept for another time.</summary>
    private const int MostSpare = 64;

    // A run has a list while something waits in it only: there may be a hundred thousand runs.
    [ThreadStatic]
    private static List<Effect>? t_spare;

    private List<Effect>? _waiting;
    private List<Effect>? _uncountedLost;
    private int _counted;
    private long _lost;

    /// <summary>Whether anybody hears of single tasks; if not, no effect is made of them.</summary>
    public bool TasksAreHeard { get; set; }

    public bool Any => _waiting is not null;

    public void Add(in Effect effect)
    {
        var most = effect.Kind switch
        {
            EffectKind.TaskUpdated => MostUpdates,
            EffectKind.StageRevised or EffectKind.WaitStarted or EffectKind.ItemsRecorded or EffectKind.Ignored or EffectKind.TaskAttemptFailed => MostOthers,
            _ => int.MaxValue,
        };
        if (_waiting is null || _waiting.Count < most)
        {
            (_waiting ??= Rent()).Add(effect);
            return;
        }

        _lost++;
        if (effect.Kind is EffectKind.StageRevised or EffectKind.ItemsRecorded)
        {
            // What is counted must be counted all the same.
            (_uncountedLost ??= []).Add(effect);
        }
    }

    public void Ignore(IgnoredReason reason, string what, Stage? stage = null) =>
        Add(new Effect(EffectKind.Ignored) { Ignored = reason, Text = what, Stage = stage });

    /// <summary>The effects that were added since the last call: each is to be counted once, at once. Valid until the next change.</summary>
    public ReadOnlySpan<Effect> Uncounted()
    {
        if (_uncountedLost is { } lost)
        {
            _uncountedLost = null;
            return CollectionsMarshal.AsSpan(lost);
        }

        var added = CollectionsMarshal.AsSpan(_waiting)[_counted..];
        _counted += added.Length;
        return added;
    }

    /// <summary>All effects since the last time, some of which there are; to be given back.</summary>
    public List<Effect> Take()
    {
        var taken = _waiting!;
        if (_lost > 0)
        {
            taken.Add(new Effect(EffectKind.Lost) { Count = _lost });
            _lost = 0;
        }

        (_waiting, _counted) = (null, 0);
        return taken;
    }

    /// <summary>Gives back what was taken.</summary>
    public static void Return(List<Effect> taken)
    {
        if (taken.Capacity <= MostSpare)
        {
            taken.Clear();
            t_spare = taken;
        }
    }

    private static List<Effect> Rent()
    {
        var list = t_spare ?? [];
        t_spare = null;
        return list;
    }
}
