namespace ProgressTelemetry;

/// <summary>Reads the live and the recently ended runs. Reading changes nothing: no run, no count, and no code of the application is called.</summary>
public interface IRunReader
{
    /// <summary>One page of the runs that match a query.</summary>
    /// <param name="query">Which runs, and which part of them.</param>
    /// <returns>
    /// The page. Live runs come first: the stalled, then those past their deadline, then the oldest first; after them the ended ones, the latest first.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="query"/> is null.</exception>
    RunPage List(RunQuery query);

    /// <summary>Where a run stands.</summary>
    /// <param name="runId">The run's id.</param>
    /// <returns>Its view; null when no live or recently ended run has that id.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="runId"/> is null.</exception>
    WorkflowStatus? GetStatus(string runId);

    /// <summary>Reports on a run.</summary>
    /// <param name="runId">The run's id.</param>
    /// <returns>The report; null when no live or recently ended run has that id.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="runId"/> is null.</exception>
    ProgressReport? GetReport(string runId);
}
