namespace ProgressTelemetry.AspNetCore.Waiting;

/// <summary>What a token lets its holder see: one run by its id, or the current run of a workflow.</summary>
internal sealed record ProgressScope(ScopeKind Kind, string Name, ProgressDetails Details)
{
    /// <summary>Where the result of the run will be, for a status monitor that is asked for it.</summary>
    public string? ResultLocation { get; init; }

    /// <summary>Reads no run but the scope's own.</summary>
    public WorkflowStatus? Find(IRunReader reader) => Kind != ScopeKind.Workflow
        ? reader.GetStatus(Name)
        : reader.List(new RunQuery { Workflow = Name, Take = 1 }).Runs is [var current, ..] ? current : null;
}
