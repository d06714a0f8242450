namespace ProgressTelemetry.Runtime;

/// <summary>A run as a list of runs sees it: of this process, or of another as the store tells of it.</summary>
internal interface IListedRun
{
    string Id { get; }

    string Workflow { get; }

    DateTimeOffset StartedAt { get; }

    /// <summary>When it ended; null while it is live.</summary>
    DateTimeOffset? EndedAt { get; }

    DateTimeOffset? Deadline { get; }

    /// <summary>Sorts runs of one moment.</summary>
    long Number { get; }

    /// <summary>Where it stands, and whether a current stage's name has the text in it.</summary>
    (WorkflowState State, bool HasText) Look(string text);

    WorkflowStatus GetStatus(bool forecasts);
}
