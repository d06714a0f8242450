using System.Diagnostics;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing;
using ProgressTelemetry.EnginesTests.Support;

namespace ProgressTelemetry.EnginesTests.RealEngines;

public class DurableTaskTests
{
    [Fact]
    public async Task Orchestration_ReplayedManyTimes_IsOneRunWithItsActivities()
    {
        var starts = 0;
        using var counter = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.DurableTask",
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStarted = activity => Interlocked.Add(ref starts, activity.OperationName == "orchestration:Report" ? 1 : 0),
        };
        ActivitySource.AddActivityListener(counter);
        using var following = new Following(options => options.Follow(Engines.DurableTask));
        var tries = 0;
        var processing = new TaskCompletionSource();
        await using var host = await DurableTaskTestHost.StartAsync(registry =>
        {
            registry.AddOrchestratorFunc<string, string>("Report", async (context, _) =>
            {
                await context.CallActivityAsync<string>("Plan", "x");
                await Task.WhenAll(Enumerable.Range(0, 3).Select(i => context.CallActivityAsync<string>("Process", i)));
                var retried = TaskOptions.FromRetryPolicy(new RetryPolicy(maxNumberOfAttempts: 2, firstRetryInterval: TimeSpan.FromMilliseconds(10)));
                await context.CallActivityAsync<string>("Flaky", "x", retried);
                await context.WaitForExternalEvent<string>("approval");
                foreach (var step in new[] { "One", "Two", "Three", "Four", "Five", "Six" })
                {
                    await context.CallActivityAsync<string>("Publish", step);
                }

                return "done";
            });
            registry.AddOrchestratorFunc<string, string>("Broken", async (context, _) => await context.CallActivityAsync<string>("Fails", "x"));
            registry.AddActivityFunc<string, string>("Plan", async (_, _) =>
            {
                await processing.Task.WaitAsync(Following.Patience);
                return "";
            });
            registry.AddActivityFunc<int, string>("Process", (_, _) => Task.FromResult(""));
            registry.AddActivityFunc<string, string>("Flaky", (_, _) => Interlocked.Increment(ref tries) == 1 ? Task.FromException<string>(new InvalidOperationException("once")) : Task.FromResult(""));
            registry.AddActivityFunc<string, string>("Publish", (_, _) => Task.FromResult(""));
            registry.AddActivityFunc<string, string>("Fails", (_, _) => Task.FromException<string>(new InvalidOperationException("always")));
        });

        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Report", input: "x");
        await following.Heard.HeardAsync("stage Plan started");
        Assert.Equal(("Report", WorkflowState.Running), (following.Status(id).Workflow, following.Status(id).State));
        processing.SetResult();
        await host.Client.RaiseEventAsync(id, "approval", "yes");
        await host.Client.WaitForInstanceCompletionAsync(id);
        var broken = await host.Client.ScheduleNewOrchestrationInstanceAsync("Broken", input: "x");
        await host.Client.WaitForInstanceCompletionAsync(broken);

        var ended = await following.Heard.EndedAsync(2);
        Assert.True(starts >= 11, $"the engine replayed its start {starts} times, too few for this test to tell");
        var report = Assert.Single(ended, run => run.Workflow == "Report");
        Assert.Equal((id, WorkflowResult.Success), (report.RunId, report.Result));
        Assert.Equal(
            [("Plan", 1L, 0L, 0L), ("Process", 3L, 0L, 0L), ("Flaky", 2L, 1L, 1L), ("Publish", 6L, 0L, 0L)],
            report.Stages.Select(stage => (stage.Name, stage.CompletedTasks, stage.FailedTasks, stage.Revisions)));
        var failed = Assert.Single(ended, run => run.Workflow == "Broken");
        Assert.Equal((broken, WorkflowResult.Failure), (failed.RunId, failed.Result));
        Assert.Empty(following.Tracker.GetActive());
        Assert.Equal(2, following.Heard.All.Count(heard => heard.StartsWith("run ", StringComparison.Ordinal) && heard.EndsWith(" started", StringComparison.Ordinal)));
    }
}
