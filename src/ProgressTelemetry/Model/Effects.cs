namespace ProgressTelemetry.Model;

/// <summary>The effects of changes, in order, until somebody takes them. Not thread-safe: the run's lock guards it.</summary>
internal sealed class Effects
{
    private List<Effect> _waiting = [];
    private List<Effect> _taken = [];

    /// <summary>Whether anybody hears of single tasks; if not, no effect is made of them.</summary>
    public bool TasksAreHeard { get; set; }

    public bool Any => _waiting.Count > 0;

    public void Add(in Effect effect) => _waiting.Add(effect);

    public void Ignore(IgnoredReason reason, string what, Stage? stage = null) =>
        _waiting.Add(new Effect(EffectKind.Ignored) { Ignored = reason, Text = what, Stage = stage });

    /// <summary>All effects since the last time; valid until the next call.</summary>
    public List<Effect> Take()
    {
        (_waiting, _taken) = (_taken, _waiting);
        _waiting.Clear();
        return _taken;
    }
}
