using System.Diagnostics;
using Microsoft.Agents.AI.Workflows;
using ProgressTelemetry.EnginesTests.Support;

namespace ProgressTelemetry.EnginesTests.RealEngines;

public class AgentFrameworkTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Workflow_WithAnApproval_IsOneRunWhoeverElseListens(bool isHeardByOthers)
    {
        using var others = new ActivityListener
        {
            ShouldListenTo = source => isHeardByOthers && source.Name == "Microsoft.Agents.AI.Workflows",
            Sample = (ref _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(others);
        using var following = new Following(options => options.Follow(Engines.AgentFramework));
        var approval = RequestPort.Create<string, string>("approval");
        var draft = new FunctionExecutor<string, string>("draft", (text, _, _) => text + " drafted");
        var publish = new FunctionExecutor<string, string>("publish_ef9bda8e588a4f88937f5c8a245fb830", (text, _, _) => text + " published");
        var workflow = new WorkflowBuilder(draft).AddEdge(draft, approval).AddEdge(approval, publish).WithOutputFrom(publish).WithName("report").WithOpenTelemetry().Build();

        string id;
        await using (var run = await InProcessExecution.RunStreamingAsync(workflow, "text"))
        {
            id = run.SessionId;
            await foreach (var happened in run.WatchStreamAsync().WithCancellation(new CancellationTokenSource(Following.Patience).Token))
            {
                if (happened is RequestInfoEvent request)
                {
                    await following.Heard.HeardAsync("stage draft started");
                    Assert.Equal(("report", WorkflowState.Running), (following.Status(id).Workflow, following.Status(id).State));
                    await run.SendResponseAsync(request.Request.CreateResponse("approved"));
                }
            }
        }

        var ended = Assert.Single(await following.Heard.EndedAsync(1));
        Assert.Equal((id, "report", WorkflowResult.Success), (ended.RunId, ended.Workflow, ended.Result));
        Assert.Equal(["draft", "approval", "publish"], ended.Stages.Select(stage => stage.Name));
        Assert.Empty(following.Tracker.GetActive());
        Assert.Equal(0, Following.Errors("adapter_failed"));
    }
}
