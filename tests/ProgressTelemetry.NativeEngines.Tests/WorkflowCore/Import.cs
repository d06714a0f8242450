using WorkflowCore.Interface;
using WorkflowCore.Models;

namespace ProgressTelemetry.NativeEngines.Tests.WorkflowCore;

public sealed class ImportData
{
    public string Test { get; set; } = "";

    /// <summary>How often the load of each part fails.</summary>
    public int Failures { get; set; }
}

/// <summary>A step that passes a gate of its name, and fails as often as it is told.</summary>
public sealed class Work : StepBodyAsync
{
    public string Test { get; set; } = "";

    public string Gate { get; set; } = "";

    public int Failures { get; set; }

    public override async Task<ExecutionResult> RunAsync(IStepExecutionContext context)
    {
        var name = context.Item is { } item ? $"{Gate} {item}" : Gate;
        var attempt = context.ExecutionPointer.RetryCount + 1;
        WorkflowStage.Current?.RecordItems("row", 7);
        await Support.Gate.PassAsync(Test, attempt == 1 ? name : $"{name} {attempt}");
        return attempt <= Failures ? throw new FormatException("flaky") : ExecutionResult.Next();
    }
}

/// <summary>Fetch, three loads side by side, a delay, an approval, publish.</summary>
public sealed class Import : IWorkflow<ImportData>
{
    public string Id => "import";

    public int Version => 3;

    public void Build(IWorkflowBuilder<ImportData> builder) => builder
        .StartWith<Work>().Name("fetch").Input(step => step.Test, data => data.Test).Input(step => step.Gate, _ => "fetch")
        .ForEach(_ => new[] { "a", "b", "c" }).Do(each => each
            .StartWith<Work>().Name("load").Input(step => step.Test, data => data.Test).Input(step => step.Gate, _ => "load").Input(step => step.Failures, data => data.Failures)
            .OnError(WorkflowErrorHandling.Retry, TimeSpan.FromMilliseconds(300)))
        .Delay(_ => TimeSpan.FromSeconds(1))
        .WaitFor("approval", data => data.Test, _ => DateTime.MinValue)
        .Then<Work>().Name("publish").Input(step => step.Test, data => data.Test).Input(step => step.Gate, _ => "publish");
}

/// <summary>One step, whose failure ends all.</summary>
public sealed class Strict : IWorkflow<ImportData>
{
    public string Id => "strict";

    public int Version => 1;

    public void Build(IWorkflowBuilder<ImportData> builder) => builder
        .StartWith<Work>().Name("only").Input(step => step.Test, data => data.Test).Input(step => step.Gate, _ => "only").Input(step => step.Failures, _ => 9)
        .OnError(WorkflowErrorHandling.Terminate)
        .Then<Work>().Name("never");
}
