namespace ProgressTelemetry;

/// <summary>Puts things in the order of their dependencies (Kahn's algorithm).</summary>
internal static class DependencyOrder
{
    /// <summary>Each thing after all that it depends on, which are among the things; <paramref name="stuck"/> is what is left when dependencies go in a circle, else empty.</summary>
    public static IReadOnlyList<T> Of<T>(IReadOnlyList<T> things, Func<T, string> name, Func<T, IReadOnlyList<string>> dependsOn, out IReadOnlyList<T> stuck)
    {
        var open = things.ToDictionary(name, thing => dependsOn(thing).Count, StringComparer.Ordinal);
        var dependents = things.SelectMany(dependsOn, (thing, on) => (Thing: thing, On: on)).ToLookup(d => d.On, d => d.Thing, StringComparer.Ordinal);
        var ready = new Queue<T>(things.Where(thing => open[name(thing)] == 0));
        var ordered = new List<T>(things.Count);
        while (ready.TryDequeue(out var next))
        {
            ordered.Add(next);
            foreach (var dependent in dependents[name(next)])
            {
                if (--open[name(dependent)] == 0)
                {
                    ready.Enqueue(dependent);
                }
            }
        }

        stuck = ordered.Count == things.Count ? [] : [.. things.Where(thing => open[name(thing)] > 0)];
        return ordered;
    }
}
