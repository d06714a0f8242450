namespace ProgressTelemetry.Storage.Worker;

/// <summary>Prints what a listener hears.</summary>
internal sealed class Printer : ProgressListener
{
    public static void Print(string line)
    {
        Console.Out.WriteLine(line);
        Console.Out.Flush();
    }

    public override void OnMilestoneReached(WorkflowRun run, MilestoneStatus milestone) => Print($"milestone {milestone.Name}");
}
