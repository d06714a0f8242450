using System.Diagnostics;

namespace ProgressTelemetry;

/// <summary>Rules for engines' spans, as the engines' versions named in <c>docs/engines</c> emit them.</summary>
public static class Engines
{
    /// <summary>Quartz.NET 4: a firing of a job is a run of one stage. A retry is a firing of its own.</summary>
    public static IReadOnlyList<SpanRule> Quartz { get; } =
    [
        new("Quartz", "Quartz.Job.Execute", SpanRole.Run)
        {
            RunId = "{quartz.fire.instance.id}",
            Workflow = "{quartz.job.group}.{quartz.job.name}",
            Stage = "{quartz.job.name}",
            ResultTag = "quartz.job.result",
        },
    ];

    /// <summary>Durable Task: an orchestration is a run, however often it is replayed, and each activity a task of the stage of its name. Sub-orchestrations are runs of their own.</summary>
    public static IReadOnlyList<SpanRule> DurableTask { get; } =
    [
        // Timers are children of the orchestration's spans; the client's spans (kind Client, Producer) come afterwards.
        new("Microsoft.DurableTask", "orchestration:*:timer", SpanRole.Ignore),
        new("Microsoft.DurableTask", "orchestration:*", SpanRole.Run)
        {
            Kind = ActivityKind.Server,
            RunId = "{durabletask.task.instance_id}",
            Workflow = "{op*}",
            ResultTag = "durabletask.task.status",
        },
        new("Microsoft.DurableTask", "activity:*", SpanRole.Task)
        {
            Kind = ActivityKind.Server,
            RunId = "{durabletask.task.instance_id}",
            Stage = "{op*}",
            ResultTag = "durabletask.task.status",
        },
    ];

    /// <summary>MassTransit: a routing slip is a run, each of its activities a stage, and so is each compensation.</summary>
    public static IReadOnlyList<SpanRule> MassTransit { get; } =
    [
        new("MassTransit", "*_execute process", SpanRole.Task)
        {
            RunId = "{messaging.masstransit.tracking_number}",
            Workflow = "routing-slip",
            Stage = "{op*}",
            ImplicitRun = true,
        },
        new("MassTransit", "*_compensate process", SpanRole.Task)
        {
            RunId = "{messaging.masstransit.tracking_number}",
            Workflow = "routing-slip",
            Stage = "compensate {op*}",
            ImplicitRun = true,
        },
        SlipEnd("Completed", WorkflowResult.Success),
        SlipEnd("Faulted", WorkflowResult.Failure),
        SlipEnd("CompensationFailed", WorkflowResult.Failure),
        SlipEnd("Terminated", WorkflowResult.Cancellation),

        // A consumer's `process` span is made only while the `receive` span around it is current.
        new("MassTransit", "* receive", SpanRole.Ignore) { StaysCurrent = true },
    ];

    /// <summary>Microsoft Agent Framework workflows built with <c>WithOpenTelemetry()</c>: a session is a run, each executor a stage. Their spans never say that something failed.</summary>
    public static IReadOnlyList<SpanRule> AgentFramework { get; } =
    [
        Workflow("invoke_workflow *", "{gen_ai.workflow.name|gen_ai.agent.name|op*}"),
        Workflow("invoke_workflow", "workflow"),
        new("Microsoft.Agents.AI.Workflows", "executor.process *", SpanRole.Task) { Stage = "{op*}" },
        new("Microsoft.Agents.AI.Workflows", "workflow.session", SpanRole.EndRun) { RunId = "{session.id}" },
    ];

    /// <summary>Agents and their tools by the GenAI conventions (Agent Framework, Microsoft.Extensions.AI, Semantic Kernel): an agent's call is a task of the run around it, or a run of its own, and each tool call a task of the tool's stage.</summary>
    public static IReadOnlyList<SpanRule> GenAi { get; } =
        [.. new[] { "Experimental.Microsoft.Agents.AI", "Experimental.Microsoft.Extensions.AI", "Microsoft.SemanticKernel" }.SelectMany(GenAiOf)];

    /// <summary>All of these, whose sources have known names.</summary>
    public static IReadOnlyList<SpanRule> All { get; } = [.. Quartz, .. DurableTask, .. MassTransit, .. AgentFramework, .. GenAi];

    /// <summary>Pipelines by the CI/CD conventions: the pipeline run's span (kind Server) is a run, each task run's span a task.</summary>
    /// <param name="sources">The names of the sources that follow the conventions.</param>
    /// <returns>The rules.</returns>
    /// <exception cref="ArgumentException">A name is empty or a pattern.</exception>
    public static IReadOnlyList<SpanRule> CiCd(params IReadOnlyList<string> sources) => Each(sources, source =>
    [
        new(source, "*", SpanRole.Run)
        {
            Kind = ActivityKind.Server,
            RunId = "{cicd.pipeline.run.id}",
            Workflow = "{cicd.pipeline.name}",
            ResultTag = "cicd.pipeline.result",
        },
        new(source, "*", SpanRole.Task)
        {
            When = "cicd.pipeline.task.run.id",
            Stage = "{cicd.pipeline.task.name}",
            TaskId = "{cicd.pipeline.task.run.id}",
            ResultTag = "cicd.pipeline.task.run.result",
        },
    ]);

    /// <summary>Orchestrations by the <c>durabletask.*</c> tags, for sources of other names than <see cref="DurableTask"/>'s.</summary>
    /// <param name="sources">The names of the sources, such as <c>DurableTask.Core</c>.</param>
    /// <returns>The rules.</returns>
    /// <exception cref="ArgumentException">A name is empty or a pattern.</exception>
    public static IReadOnlyList<SpanRule> DurableTaskTags(params IReadOnlyList<string> sources) => Each(sources, source =>
    [
        new(source, "*", SpanRole.Run)
        {
            Kind = ActivityKind.Server,
            When = "durabletask.type=orchestration",
            RunId = "{durabletask.task.instance_id}",
            Workflow = "{durabletask.task.name}",
            ResultTag = "durabletask.task.status",
        },
        new(source, "*", SpanRole.Task)
        {
            Kind = ActivityKind.Server,
            When = "durabletask.type=activity",
            RunId = "{durabletask.task.instance_id}",
            Stage = "{durabletask.task.name}",
            ResultTag = "durabletask.task.status",
        },
    ]);

    private static SpanRule Workflow(string operation, string name) => new("Microsoft.Agents.AI.Workflows", operation, SpanRole.Run)
    {
        RunId = "{session.id}",
        Workflow = name,

        // It stops at each request that waits for an answer, and another one goes on.
        StopEndsRun = false,
    };

    private static SpanRule SlipEnd(string how, WorkflowResult result) => new("MassTransit", $"*:RoutingSlip{how} send", SpanRole.EndRun)
    {
        RunId = "{messaging.masstransit.correlation_id}",
        EndAs = result,
    };

    private static IEnumerable<SpanRule> GenAiOf(string source) =>
    [
        new(source, "execute_tool *", SpanRole.Task) { Stage = "{op*}" },
        new(source, "*", SpanRole.Task)
        {
            // Named `chat MODEL` at its start by some, and `invoke_agent NAME` later.
            When = "gen_ai.operation.name=invoke_agent",
            Workflow = "{gen_ai.agent.name|gen_ai.agent.id}",
            Stage = "{gen_ai.agent.name|gen_ai.agent.id}",
            ImplicitRun = true,
        },
    ];

    private static IReadOnlyList<SpanRule> Each(IReadOnlyList<string> sources, Func<string, IEnumerable<SpanRule>> rules)
    {
        ArgumentNullException.ThrowIfNull(sources);
        return sources.Count > 0 ? [.. sources.SelectMany(rules)] : throw new ArgumentException("No source is named.", nameof(sources));
    }
}
