using System.Diagnostics;
using ProgressTelemetry.EnginesTests.Support;

namespace ProgressTelemetry.EnginesTests.RealEngines;

/// <summary>Spans as conventions and libraries make them, made here by sources of those names: what needs a model or a pipeline to run isn't run.</summary>
public class ConventionTests
{
    [Fact]
    public void Agent_ByItself_IsARunWithItsTools()
    {
        using var following = new Following(options => options.Follow(Engines.GenAi));
        using var source = new ActivitySource("Experimental.Microsoft.Agents.AI");
        using (var agent = source.StartActivity("chat model", ActivityKind.Client)!)
        {
            // What it is, it says only once it runs.
            agent.DisplayName = "invoke_agent researcher(0123)";
            agent.SetTag("gen_ai.operation.name", "invoke_agent").SetTag("gen_ai.agent.name", "researcher_ef9bda8e588a4f88937f5c8a245fb830");
            using (source.StartActivity("execute_tool search"))
            {
                Assert.Equal(["researcher", "search"], following.Tracker.GetActive().Single().CurrentStages);
            }

            using (var tool = source.StartActivity("execute_tool fetch")!.SetStatus(ActivityStatusCode.Error).SetTag("error.type", "NotFound"))
            {
                Assert.NotNull(tool);
            }
        }

        var ended = following.Heard.Ended.Single();
        Assert.Equal(("researcher", WorkflowResult.Success), (ended.Workflow, ended.Result));
        Assert.Equal([("researcher", 1L, 0L), ("search", 1L, 0L), ("fetch", 1L, 1L)], ended.Stages.Select(stage => (stage.Name, stage.CompletedTasks, stage.FailedTasks)));
    }

    [Fact]
    public void Agent_InsideARun_IsATaskOfIt()
    {
        using var following = new Following(options => options.Follow(Engines.GenAi, Engines.Quartz));
        using var quartz = new ActivitySource("Quartz");
        using var agents = new ActivitySource("Experimental.Microsoft.Extensions.AI");
        using (quartz.StartActivity("Quartz.Job.Execute", ActivityKind.Internal, null, Tags(("quartz.fire.instance.id", "1"), ("quartz.job.group", "g"), ("quartz.job.name", "j"))))
        using (agents.StartActivity("invoke_agent writer", ActivityKind.Client, null, Tags(("gen_ai.operation.name", "invoke_agent"), ("gen_ai.agent.name", "writer"))))
        {
        }

        var ended = following.Heard.Ended.Single();
        Assert.Equal("g.j", ended.Workflow);
        Assert.Equal(["j", "writer"], ended.Stages.Select(stage => stage.Name));
    }

    [Fact]
    public void ChatAndTools_OfNoAgent_AreNoRuns()
    {
        using var following = new Following(options => options.Follow(Engines.GenAi));
        using var source = new ActivitySource("Experimental.Microsoft.Extensions.AI");
        using (source.StartActivity("chat model", ActivityKind.Client, null, Tags(("gen_ai.operation.name", "chat"))))
        using (source.StartActivity("execute_tool search"))
        {
        }

        Assert.Empty(following.Heard.All);
    }

    [Fact]
    public void Pipeline_ByTheCiCdConventions_IsARunWithItsTasks()
    {
        using var following = new Following(options => options.Follow(Engines.CiCd("Test.Ci")));
        using var source = new ActivitySource("Test.Ci");
        using (var run = source.StartActivity("RUN build", ActivityKind.Server)!)
        {
            run.SetTag("cicd.pipeline.name", "build").SetTag("cicd.pipeline.run.id", "120912");
            foreach (var (task, result) in new[] { ("compile", "success"), ("test", "failure"), ("deploy", "skip") })
            {
                using var span = source.StartActivity("RUN " + task)!;
                span.SetTag("cicd.pipeline.task.name", task).SetTag("cicd.pipeline.task.run.id", task + 1).SetTag("cicd.pipeline.task.run.result", result);
            }

            run.SetTag("cicd.pipeline.result", "failure");
        }

        var ended = following.Heard.Ended.Single();
        Assert.Equal(("120912", "build", WorkflowResult.Failure), (ended.RunId, ended.Workflow, ended.Result));
        Assert.Equal([("compile", 0L, 0L), ("test", 1L, 0L), ("deploy", 0L, 1L)], ended.Stages.Select(stage => (stage.Name, stage.FailedTasks, stage.SkippedTasks)));
    }

    [Fact]
    public void Orchestration_ByItsTags_IsARunWithItsActivities()
    {
        using var following = new Following(options => options.Follow(Engines.DurableTaskTags("Test.Dt")));
        using var source = new ActivitySource("Test.Dt");
        var orchestration = source.StartActivity("whatever", ActivityKind.Server, default(ActivityContext))!;
        orchestration.SetTag("durabletask.type", "orchestration").SetTag("durabletask.task.name", "Report").SetTag("durabletask.task.instance_id", "i1");
        var activity = source.StartActivity("else", ActivityKind.Server, default(ActivityContext))!;
        activity.SetTag("durabletask.type", "activity").SetTag("durabletask.task.name", "Plan").SetTag("durabletask.task.instance_id", "i1").Stop();
        orchestration.SetTag("durabletask.task.status", "Terminated").Stop();

        var ended = following.Heard.Ended.Single();
        Assert.Equal(("i1", "Report", WorkflowResult.Cancellation), (ended.RunId, ended.Workflow, ended.Result));
        Assert.Equal([("Plan", 1L)], ended.Stages.Select(stage => (stage.Name, stage.CompletedTasks)));
    }

    private static KeyValuePair<string, object?>[] Tags(params (string Key, object? Value)[] tags) => [.. tags.Select(tag => KeyValuePair.Create(tag.Key, tag.Value))];
}
