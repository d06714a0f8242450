using static ProgressTelemetry.Reporting.ReportText;

namespace ProgressTelemetry.Reporting;

/// <summary>The longest chain of dependent stages, by the time that each takes: from its start to its end where it has ended, and else what it has taken and is still predicted to take.</summary>
/// <remarks>The critical path method, J. E. Kelley and M. R. Walker, 1959: the longest path through the plan's graph.</remarks>
internal sealed class CriticalChain
{
    private readonly IReadOnlyList<StageFacts> _ordered;
    private readonly Dictionary<string, double> _lengths;
    private readonly double _length;

    /// <param name="stages">Each after those that it depends on.</param>
    /// <param name="elapsed">Seconds since the run's start.</param>
    private CriticalChain(IReadOnlyList<StageFacts> stages, double elapsed)
    {
        _ordered = stages;
        _lengths = stages.ToDictionary(s => s.Name, s => LengthOf(s, elapsed), StringComparer.Ordinal);
        (_length, Stages) = Longest(null, 1);
    }

    /// <summary>The chain's stages, the first first.</summary>
    public IReadOnlyList<string> Stages { get; }

    /// <summary>Null when the plan declares no dependencies, or nothing has happened.</summary>
    public static CriticalChain? Of(RunFacts facts)
    {
        if (facts.Stages.All(s => s.DependsOn.Count == 0) || facts.Elapsed <= 0)
        {
            return null;
        }

        var chain = new CriticalChain(DependencyOrder.Of(facts.Stages, s => s.Name, s => s.DependsOn, out _), facts.Elapsed);
        return chain._length > 0 ? chain : null;
    }

    /// <summary>Seconds by which the chain would be shorter if the stage took half its time: less when another chain is then the longest.</summary>
    public double GainOfHalving(string stage) => GainOf(stage, .5);

    public double GainOf(string stage, double factor) => Math.Max(0, _length - Longest(stage, factor).Length);

    public void AddTo(List<ReportFinding> findings)
    {
        var longest = Stages.MaxBy(name => _lengths[name])!;
        var share = _lengths[longest] / _length;
        var names = Stages.Count <= 8 ? string.Join(" → ", Stages.Select(Quote)) : $"{Quote(Stages[0])} → … {Stages.Count - 2} stages … → {Quote(Stages[^1])}";
        findings.Add(new(
            FindingKind.Chain,
            longest,
            share,
            $"The end is decided by {names}: {Duration(_length)} in a row, {Percent(share)} of it in {Quote(longest)}."));
    }

    private static double LengthOf(StageFacts stage, double elapsed)
    {
        var from = stage.Attempts.Count > 0 ? stage.Attempts.Min(a => a.Start.TotalSeconds) : double.NaN;
        return double.IsNaN(from) ? stage.RemainingWall
            : stage.Attempts.All(a => a.End is not null) ? stage.Attempts.Max(a => a.End!.Value.TotalSeconds) - from
            : elapsed - from + stage.RemainingWall;
    }

    private (double Length, IReadOnlyList<string> Stages) Longest(string? changed, double factor)
    {
        var ends = new Dictionary<string, (double Length, string? Before)>(StringComparer.Ordinal);
        foreach (var stage in _ordered)
        {
            var name = stage.Name;
            (double Length, string? Before) longest = (0, null);
            foreach (var dependency in stage.DependsOn)
            {
                longest = longest.Before is null || ends[dependency].Length > longest.Length ? (ends[dependency].Length, dependency) : longest;
            }

            ends[name] = (longest.Length + (_lengths[name] * (name == changed ? factor : 1)), longest.Before);
        }

        var chain = new List<string>();
        for (var name = (string?)ends.MaxBy(e => e.Value.Length).Key; name is not null; name = ends[name].Before)
        {
            chain.Add(name);
        }

        chain.Reverse();
        return (ends.Values.Max(e => e.Length), chain);
    }
}
