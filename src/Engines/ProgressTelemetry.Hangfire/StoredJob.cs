namespace ProgressTelemetry.Hangfire;

/// <summary>A job of a tree of continuations, as the storage has it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="ParentId">The job that it continues; null for the root.</param>
/// <param name="State">The name of its state; null before it has one.</param>
internal sealed record StoredJob(string Id, string Name, string? ParentId, string? State);
