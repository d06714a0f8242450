using Microsoft.Agents.AI.Workflows;

namespace ProgressTelemetry.NativeEngines.Tests.Hangfire;

/// <summary>A job that runs a workflow of agents, and says yes to what it asks.</summary>
public static class WithAgents
{
    internal static ProgressTracker? Tracker { get; set; }

    public static async Task RunAsync(string test)
    {
        var workflow = AgentFramework.Report.Build(test);
        await using var run = await InProcessExecution.RunStreamingAsync(workflow, "topic");
        await foreach (var happened in run.WatchStreamAsync().TrackProgress(Tracker!, workflow, test))
        {
            if (happened is RequestInfoEvent request)
            {
                await run.SendResponseAsync(request.Request.CreateResponse(true));
            }
        }
    }
}
