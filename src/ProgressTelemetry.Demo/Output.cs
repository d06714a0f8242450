namespace ProgressTelemetry.Demo;

/// <summary>Where a command writes: what was asked for, and what went wrong.</summary>
internal sealed record Output(TextWriter Out, TextWriter Error);
