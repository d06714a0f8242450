namespace ProgressTelemetry.HangfireWorker;

/// <summary>Prints what jobs do and what a listener hears.</summary>
internal sealed class Printer : ProgressListener
{
    public static void Print(string line)
    {
        Console.Out.WriteLine(line);
        Console.Out.Flush();
    }

    public override void OnRunEnded(WorkflowRun run, WorkflowStatus final) => Print($"ended {run.Id} {final.Result}");
}
