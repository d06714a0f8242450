using ProgressTelemetry.Model;

namespace ProgressTelemetry.Tests.Estimation;

/// <summary>Puts a stage's books into a state directly, for what the estimator reads of them.</summary>
internal static class StageEdits
{
    public static void SetPartialWork(this Stage s, double tasks) => s.Counts.AddPartial(tasks - s.Counts.Partial);

    public static void SetSkipped(this Stage s, long tasks)
    {
        s.Counts.Add(WorkflowResult.Skip, tasks - s.Counts.Skipped);
        s.Reach(0);
    }
}
