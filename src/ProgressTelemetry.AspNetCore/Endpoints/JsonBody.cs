namespace ProgressTelemetry.AspNetCore.Endpoints;

/// <summary>What an endpoint's JSON looks like when it answers with this status.</summary>
/// <param name="Status">The status.</param>
/// <param name="Definition">The definition's name in the schema that is served.</param>
internal sealed record JsonBody(int Status, string Definition);
