using ProgressTelemetry.AspNetCore.Endpoints;

namespace ProgressTelemetry.AspNetCore.Json;

/// <summary>One page of the runs that match what was asked for: live ones first, the stalled before all, then the ended.</summary>
internal sealed record RunsJson
{
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>The runs that match, on this page and all others.</summary>
    public required int Total { get; init; }

    /// <summary>Of those, the live ones.</summary>
    public required int Active { get; init; }

    public required int Skip { get; init; }

    public required int Take { get; init; }

    public required OverallJson Overall { get; init; }

    /// <summary>What a filter may offer: 200 names at most.</summary>
    public required IReadOnlyList<string> Workflows { get; init; }

    public required IReadOnlyList<WorkflowStatus> Runs { get; init; }

    public static RunsJson Read(IRunReader reader, RunsRequest request, OverallJson overall)
    {
        var page = reader.List(request.ToQuery());
        return new()
        {
            AsOf = page.AsOf,
            Total = page.Total,
            Active = page.Active,
            Skip = request.Skip,
            Take = request.Take,
            Overall = overall,
            Workflows = page.Workflows,
            Runs = page.Runs,
        };
    }
}
