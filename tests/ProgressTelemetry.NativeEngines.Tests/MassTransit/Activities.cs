using System.Collections.Concurrent;
using MassTransit;

namespace ProgressTelemetry.NativeEngines.Tests.MassTransit;

/// <summary>What an activity of a routing slip does: it passes a gate of its name, and then as it is told.</summary>
public sealed class Leg
{
    public string Test { get; set; } = "";

    /// <summary>How many attempts fail.</summary>
    public int Failures { get; set; }

    /// <summary>How its end is: <c>terminate</c>, <c>insert</c>, or as usual.</summary>
    public string Then { get; set; } = "";
}

/// <summary>What is needed to undo one.</summary>
public sealed class LegLog
{
    public string Test { get; set; } = "";

    public bool CannotBeUndone { get; set; }
}

public sealed class Reserve : IActivity<Leg, LegLog>
{
    public async Task<ExecutionResult> Execute(ExecuteContext<Leg> context)
    {
        WorkflowStage.Current?.RecordItems("seat", 2);
        await Gate.PassAsync(context.Arguments.Test, context.ActivityName).WaitAsync(context.CancellationToken);
        return context.Completed(new LegLog { Test = context.Arguments.Test, CannotBeUndone = context.Arguments.Then == "stick" });
    }

    public async Task<CompensationResult> Compensate(CompensateContext<LegLog> context)
    {
        await Gate.PassAsync(context.Log.Test, $"undo {context.ActivityName}").WaitAsync(context.CancellationToken);
        return context.Log.CannotBeUndone ? throw new NotSupportedException("it sticks") : context.Compensated();
    }
}

public sealed class Charge : IExecuteActivity<Leg>
{
    private static readonly ConcurrentDictionary<(Guid Slip, string Activity), int> s_attempts = new();

    public async Task<ExecutionResult> Execute(ExecuteContext<Leg> context)
    {
        var attempt = s_attempts.AddOrUpdate((context.TrackingNumber, context.ActivityName), 1, (_, before) => before + 1);
        await Gate.PassAsync(context.Arguments.Test, attempt == 1 ? context.ActivityName : $"{context.ActivityName} {attempt}").WaitAsync(context.CancellationToken);
        return attempt <= context.Arguments.Failures ? throw new FormatException("flaky")
            : context.Arguments.Then == "terminate" ? context.Terminate()
            : context.Arguments.Then == "insert" ? context.ReviseItinerary(slip =>
            {
                slip.AddActivity("Pack", new Uri("queue:Charge_execute"), new { context.Arguments.Test });
                slip.AddActivitiesFromSourceItinerary();
            })
            : context.Completed();
    }
}
