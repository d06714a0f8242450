namespace ProgressTelemetry;

/// <summary>One page of the runs that match a query, at one moment.</summary>
/// <param name="Runs">The page's runs, in order.</param>
/// <param name="Total">The runs that match, on this page and all others.</param>
/// <param name="Active">Of those, the live ones.</param>
/// <param name="Workflows">The workflows of all live and recently ended runs, whatever the query, by name: the first 200. What a filter may offer.</param>
/// <param name="AsOf">When it was read, on the tracker's clock.</param>
public sealed record RunPage(IReadOnlyList<WorkflowStatus> Runs, int Total, int Active, IReadOnlyList<string> Workflows, DateTimeOffset AsOf);
