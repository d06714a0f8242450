namespace ProgressTelemetry.Rules;

/// <summary>The rules that an operation's spans may be for, in order; none for spans that say nothing.</summary>
internal sealed record OperationRules(IReadOnlyList<RuleMatch> Matches, bool StaysCurrent);
