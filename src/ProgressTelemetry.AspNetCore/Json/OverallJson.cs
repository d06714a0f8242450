namespace ProgressTelemetry.AspNetCore.Json;

/// <summary>All live runs in two numbers, whatever a page of them asks for.</summary>
internal sealed record OverallJson(int Active, int Stalled)
{
    public static OverallJson Read(IRunReader reader)
    {
        var live = new RunQuery { IncludeEnded = false, Take = 1 };
        return new OverallJson(reader.List(live).Active, reader.List(live with { States = [WorkflowState.Stalled] }).Active);
    }
}
