namespace ProgressTelemetry.Rules;

/// <summary>A rule that an operation's spans may be for, and what its star stands for.</summary>
internal readonly record struct RuleMatch(SpanRule Rule, string Star);
