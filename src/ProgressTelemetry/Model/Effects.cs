using System.Runtime.InteropServices;

namespace ProgressTelemetry.Model;

/// <summary>The effects of changes, in order, until somebody takes them. Bounded: of what changes faster than it is taken, updates of tasks are lost first, then revisions and waits; starts and ends never. Not thread-safe: the run's lock guards it.</summary>
internal sealed class Effects
{
    private const int MostUpdates = 4096, MostOthers = 8192;

    private List<Effect> _waiting = [];
    private List<Effect> _taken = [];
    private int _counted;
    private long _lost;

    /// <summary>Whether anybody hears of single tasks; if not, no effect is made of them.</summary>
    public bool TasksAreHeard { get; set; }

    public bool Any => _waiting.Count > 0;

    public void Add(in Effect effect)
    {
        var most = effect.Kind switch
        {
            EffectKind.TaskUpdated => MostUpdates,
            EffectKind.StageRevised or EffectKind.WaitStarted or EffectKind.ItemsRecorded or EffectKind.Ignored or EffectKind.TaskAttemptFailed => MostOthers,
            _ => int.MaxValue,
        };
        if (_waiting.Count < most)
        {
            _waiting.Add(effect);
            return;
        }

        _lost++;
        if (effect.Kind is EffectKind.StageRevised or EffectKind.ItemsRecorded)
        {
            // What is counted must be counted all the same.
            _uncountedLost.Add(effect);
        }
    }

    private readonly List<Effect> _uncountedLost = [];

    public void Ignore(IgnoredReason reason, string what, Stage? stage = null) =>
        Add(new Effect(EffectKind.Ignored) { Ignored = reason, Text = what, Stage = stage });

    /// <summary>The effects that were added since the last call: each is to be counted once, at once. Valid until the next change.</summary>
    public ReadOnlySpan<Effect> Uncounted()
    {
        if (_uncountedLost.Count > 0)
        {
            var lost = _uncountedLost.ToArray();
            _uncountedLost.Clear();
            return lost;
        }

        var added = CollectionsMarshal.AsSpan(_waiting)[_counted..];
        _counted = _waiting.Count;
        return added;
    }

    /// <summary>All effects since the last time; valid until the next call.</summary>
    public List<Effect> Take()
    {
        if (_lost > 0)
        {
            _waiting.Add(new Effect(EffectKind.Lost) { Count = _lost });
            _lost = 0;
        }

        (_waiting, _taken) = (_taken, _waiting);
        _waiting.Clear();
        _counted = 0;
        return _taken;
    }
}
