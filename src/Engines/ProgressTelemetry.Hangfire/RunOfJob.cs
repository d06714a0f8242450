namespace ProgressTelemetry.Hangfire;

/// <summary>The run that a job belongs to.</summary>
/// <param name="Id">The root job's id.</param>
/// <param name="Workflow">The workflow's name.</param>
internal sealed record RunOfJob(string Id, string Workflow);
