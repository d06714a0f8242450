// Temporal wants instance methods.
#pragma warning disable CA1822
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace ProgressTelemetry.NativeEngines.Tests.Temporal;

/// <summary>Two activities side by side, a timer, an approval, one more activity.</summary>
[Workflow("publish")]
public sealed class PublishWorkflow
{
    private bool _isApproved;

    public static ActivityOptions Options => new() { StartToCloseTimeout = TimeSpan.FromMinutes(1) };

    [WorkflowRun]
    public async Task<string> RunAsync()
    {
        await Workflow.WhenAllAsync(Load(), Load());
        await Workflow.DelayAsync(TimeSpan.FromHours(1));
        await Workflow.WaitConditionAsync(() => _isApproved);
        return await Workflow.ExecuteActivityAsync<string>("charge", [], Options);

        static Task Load() => Workflow.ExecuteActivityAsync<string>("load", [], Options);
    }

    [WorkflowSignal]
    public Task ApproveAsync()
    {
        _isApproved = true;
        return Task.CompletedTask;
    }
}

/// <summary>One activity, then itself again.</summary>
[Workflow("loop")]
public sealed class LoopWorkflow
{
    [WorkflowRun]
    public async Task RunAsync(int round)
    {
        await Workflow.ExecuteActivityAsync<string>("load", [], PublishWorkflow.Options);
        if (round < 2)
        {
            throw Workflow.CreateContinueAsNewException((LoopWorkflow workflow) => workflow.RunAsync(round + 1));
        }
    }
}

/// <summary>A child.</summary>
[Workflow("parent")]
public sealed class ParentWorkflow
{
    [WorkflowRun]
    public Task RunAsync() => Workflow.ExecuteChildWorkflowAsync<string>("publish", [], new() { Id = "child" });
}

/// <summary>A bug in its code, which Temporal takes for one that will be mended.</summary>
[Workflow("buggy")]
public sealed class BuggyWorkflow
{
    [WorkflowRun]
    public Task RunAsync() => throw new InvalidOperationException("a bug");
}

/// <summary>A failure by intention.</summary>
[Workflow("failing")]
public sealed class FailingWorkflow
{
    [WorkflowRun]
    public Task RunAsync() => throw new ApplicationFailureException("no", errorType: "NoMoney");
}
