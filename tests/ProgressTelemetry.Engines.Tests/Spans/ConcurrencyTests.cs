using System.Diagnostics;
using ProgressTelemetry.EnginesTests.Support;

namespace ProgressTelemetry.EnginesTests.Spans;

public class ConcurrencyTests
{
    [Fact]
    public async Task Runs_OfManyThreads_LoseNoTask()
    {
        const int Threads = 8, Runs = 20, Tasks = 25;
        using var following = new Following(source =>
        [
            new(source, "run", SpanRole.Run) { RunId = "{id}", Workflow = "run" },
            new(source, "task *", SpanRole.Task) { RunId = "{id}", Stage = "{op*}" },
        ]);
        var ids = Enumerable.Range(0, Runs).Select(i => "r" + i).ToArray();
        var runs = ids.Select(id => following.Start("run", tags: ("id", id))).ToArray();
        using var together = new Barrier(Threads);
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                together.SignalAndWait();
                for (var i = 0; i < Runs * Tasks; i++)
                {
                    // Some say whose they are when they stop.
                    var span = i % 3 == 0 ? following.Start("task a") : following.Start("task b", tags: ("id", ids[i % Runs]));
                    span.SetTag("id", ids[i % Runs]).Stop();
                    Activity.Current = null;
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        foreach (var run in runs)
        {
            run.Stop();
        }

        Assert.Equal(Threads * Runs * Tasks, following.Heard.Ended.Sum(run => run.CompletedTasks));
        Assert.Equal(Runs, following.Heard.Ended.Count(run => run.Result == WorkflowResult.Success));
        Assert.Equal(0, Following.Errors("adapter_failed"));
        Assert.Equal(0, Following.Errors("late_update"));
    }
}
