namespace ProgressTelemetry.Replay;

/// <summary>
/// Which stages need which, as their tasks' parents tell. Stages that need each other (a stage whose tasks come both before and after another's) have no order, so what holds only
/// within such a circle is left out.
/// </summary>
internal sealed class StageDependencies
{
    private readonly Dictionary<string, List<string>> _needs = new(StringComparer.Ordinal);

    public void Add(string stage, string needed)
    {
        if (!_needs.TryGetValue(stage, out var all))
        {
            _needs.Add(stage, all = []);
        }

        if (stage != needed && !all.Contains(needed, StringComparer.Ordinal))
        {
            all.Add(needed);
        }
    }

    /// <summary>The stages that this one needs and that don't, directly or through others, need this one.</summary>
    public IEnumerable<string> Acyclic(string stage) =>
        _needs.TryGetValue(stage, out var needed) ? needed.Where(n => !Reaches(n, stage)) : [];

    private bool Reaches(string from, string to)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { from };
        var open = new Stack<string>(seen);
        while (open.TryPop(out var stage))
        {
            if (stage == to)
            {
                return true;
            }

            foreach (var next in _needs.GetValueOrDefault(stage, []).Where(seen.Add))
            {
                open.Push(next);
            }
        }

        return false;
    }
}
