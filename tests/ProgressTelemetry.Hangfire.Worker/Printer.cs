namespace ProgressTelemetry.HangfireWorker;

/// <summary>Prints what jobs do and what a listener hears.</summary>
internal sealed class Printer : ProgressListener
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a run has ended here.</summary>
    public Task Ended => _ended.Task;

    public static void Print(string line)
    {
        Console.Out.WriteLine(line);
        Console.Out.Flush();
    }

    public override void OnRunEnded(WorkflowRun run, WorkflowStatus final)
    {
        Print($"ended {run.Id} {final.Result}");
        _ended.TrySetResult();
    }
}
