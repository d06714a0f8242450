namespace ProgressTelemetry.Following;

/// <summary>A job that an engine is going to run.</summary>
/// <param name="Id">The engine's id of it.</param>
/// <param name="Stage">The stage that it is a task of.</param>
/// <param name="After">The ids of the jobs that it waits for.</param>
internal sealed record ExpectedJob(string Id, string Stage, IReadOnlyCollection<string> After);
