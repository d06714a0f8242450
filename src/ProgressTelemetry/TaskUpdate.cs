using System.Runtime.InteropServices;

namespace ProgressTelemetry;

/// <summary>What a listener hears when tasks of a stage move on: one identified task, or the stage's new counts when tasks are merely counted.</summary>
/// <param name="Stage">The stage's name.</param>
/// <param name="TaskId">The task's id; null when the update is of counted tasks.</param>
/// <param name="State">The task's state; <see cref="WorkflowTaskState.Completed"/> for counted tasks.</param>
/// <param name="TaskCompletion">The identified task's own completion, 0 to 1; null when it isn't known.</param>
/// <param name="CompletedTasks">The stage's tasks that have ended so far.</param>
/// <param name="ExpectedTasks">The stage's tasks expected, never less than <paramref name="CompletedTasks"/>; null while unknown.</param>
/// <param name="StageCompletion">The stage's completion, 0 to 1; null while unknown.</param>
/// <param name="RunCompletion">The run's completion, 0 to 1; null while unknown.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TaskUpdate(
    string Stage,
    string? TaskId,
    WorkflowTaskState State,
    double? TaskCompletion,
    long CompletedTasks,
    long? ExpectedTasks,
    double? StageCompletion,
    double? RunCompletion);
