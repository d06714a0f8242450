using System.Collections.Concurrent;
using System.Diagnostics;

namespace ProgressTelemetry.Rules;

/// <summary>The rules of one source, found by operation: matched once for each, and remembered.</summary>
internal sealed class SourceRules(IReadOnlyList<SpanRule> rules)
{
    /// <summary>Operations with ids in their names would fill the memory; past these they are matched each time.</summary>
    private const int MostRemembered = 1000;

    private readonly ConcurrentDictionary<(string Operation, ActivityKind Kind), OperationRules> _known = new();
    private int _remembered;

    public OperationRules Of(Activity span)
    {
        var key = (span.OperationName, span.Kind);
        if (_known.TryGetValue(key, out var known))
        {
            return known;
        }

        var matched = Match(span.OperationName, span.Kind);
        if (Volatile.Read(ref _remembered) < MostRemembered && _known.TryAdd(key, matched))
        {
            Interlocked.Increment(ref _remembered);
        }

        return matched;
    }

    private OperationRules Match(string operation, ActivityKind kind)
    {
        var matches = new List<RuleMatch>();
        var staysCurrent = false;
        foreach (var rule in rules)
        {
            if ((rule.Kind ?? kind) != kind || rule.Pattern.Match(operation) is not { } star)
            {
                continue;
            }

            staysCurrent |= rule.StaysCurrent;
            if (rule is { Role: SpanRole.Ignore, Condition: null })
            {
                break;
            }

            matches.Add(new RuleMatch(rule, star));
        }

        return new OperationRules(matches, staysCurrent);
    }
}
