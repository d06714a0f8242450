using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using ProgressTelemetry;
using ProgressTelemetry.Storage.Worker;

// Works on one run of so many tasks and can be killed: it goes on where the store says that the run stands, and prints a line for all that it does. With "join" it does so many tasks of a run that is another process's.
//   worker sqlite|postgresql PLACE TASKS [join]
var services = new ServiceCollection();
_ = args[0] == "sqlite" ? services.AddSqliteRunStore(args[1]) : services.AddPostgreSqlRunStore(args[1]);
var tasks = long.Parse(args[2], CultureInfo.InvariantCulture);
await using var provider = services.BuildServiceProvider();
await using var tracker = new ProgressTracker(listeners: [new Printer()], store: provider.GetRequiredService<IRunStore>());
await tracker.FlushAsync();
var isPart = args is [_, _, _, "join"];
var run = tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "job", Milestones = Milestone.Quarters, WhenLive = isPart ? WhenLive.Join : WhenLive.Throw });
var done = isPart ? 0 : run.GetStatus().CompletedTasks;
Printer.Print($"resumed {done}");
var load = run.StartStage("load", isPart ? null : tasks);
using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
while (done < tasks)
{
    await pace.WaitForNextTickAsync();
    for (var i = 0; i < 10 && done < tasks; i++, done++)
    {
        load.CompleteTask();
    }

    Printer.Print(string.Create(CultureInfo.InvariantCulture, $"done {done}"));
}

run.Complete();
await tracker.FlushAsync();
await tracker.DrainAsync();
