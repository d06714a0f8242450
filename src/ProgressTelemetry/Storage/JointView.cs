using ProgressTelemetry.Estimation;
using ProgressTelemetry.Model;
using ProgressTelemetry.Model.Changes;
using ProgressTelemetry.Runtime;

namespace ProgressTelemetry.Storage;

/// <summary>The views of a run that is not live in this process: its shares, put into a model as a process puts them that goes on with the run, tell the same as a live one.</summary>
internal sealed class JointView
{
    private readonly DateTimeOffset _asOf;

    /// <param name="total">All shares as one.</param>
    /// <param name="now">The moment.</param>
    /// <param name="isAlive">Whether anybody still works on it.</param>
    /// <param name="participants">Who works, or worked, on it, as far as is known.</param>
    public JointView(RunShare total, DateTimeOffset now, bool isAlive, IReadOnlyList<ParticipantStatus>? participants = null)
    {
        (Total, _asOf) = (total, total.EndedAt ?? now);
        Model = new Run(new RunPlan { Milestones = [.. total.Milestones.Select(m => new Milestone(m.Name, m.CompletionRatio))], IsOpenEnded = total.IsOpenEnded, Deadline = total.Deadline }, total.StartedAt);
        Forecast = new Forecast(Model);
        var effects = new Effects();
        Model.Apply<RestoreRun, bool>(new RestoreRun(total), new Moment(0, 0, total.StartedAt), effects);
        if (total.Result == WorkflowResult.Success)
        {
            Model.Apply<EndRun, bool>(new EndRun(WorkflowResult.Success, null, IsDispose: true), new Moment(total.RanSeconds, total.RanSeconds, _asOf), effects);
        }

        Status = ToStatus(total.Result ?? (isAlive ? null : WorkflowResult.Abandoned)) with { Participants = participants ?? [] };
    }

    /// <summary>All shares as one.</summary>
    public RunShare Total { get; }

    public Run Model { get; }

    public Forecast Forecast { get; }

    public WorkflowStatus Status { get; }

    /// <summary>Time from the run's start to a moment.</summary>
    public TimeSpan SinceStart(DateTimeOffset moment) => moment > Total.StartedAt ? moment - Total.StartedAt : TimeSpan.Zero;

    private WorkflowStatus ToStatus(WorkflowResult? result)
    {
        var (total, model) = (Total, Model);
        var elapsed = SinceStart(_asOf);
        return new WorkflowStatus
        {
            RunId = total.RunId,
            Workflow = total.Workflow,
            Version = total.Version,
            TraceId = total.TraceId,
            ParentRunId = total.ParentRunId,
            State = result?.ToState() ?? total.State,
            Result = result,
            ErrorType = total.ErrorType,
            Attempt = total.Attempt,
            AsOf = _asOf,
            StartedAt = total.StartedAt,
            EndedAt = total.EndedAt,
            Elapsed = elapsed,
            LastProgressAt = total.LastProgressAt,
            StallThreshold = result is null && total.StallThresholdSeconds is { } threshold ? StatusMaker.Time(threshold) : null,
            Deadline = total.Deadline,
            CompletionRatio = model.Completion,
            CompletedTasks = model.Done,
            ExpectedTasks = model.Expected,
            Estimate = result is null ? StatusMaker.EstimateOf(Forecast, model, total.RanSeconds, _asOf) : null,
            CurrentStages = result is null ? [.. total.Stages.Where(stage => stage.IsActive).Select(stage => stage.Name)] : [],
            CurrentMilestone = total.Milestones.LastOrDefault(milestone => milestone.ReachedAt is not null)?.Name,
            Stages = [.. total.Stages.Select(stage => Of(stage, model.FindStage(stage.Name)!, result))],
            Milestones = total.Milestones,
            Performance = StatusMaker.PerformanceOf(model, elapsed, total.RanSeconds),
        };
    }

    private static StageStatus Of(StageShare share, Stage stage, WorkflowResult? runResult)
    {
        var result = share.Result ?? (share.HasBegun && !share.IsActive || runResult is not null && share.IsActive ? runResult ?? WorkflowResult.Abandoned : null);
        return new StageStatus
        {
            Index = share.Index + 1,
            Name = share.Name,
            State = result?.ToState() ?? (!share.IsActive ? WorkflowState.Pending : share.IsWaiting ? WorkflowState.Waiting : WorkflowState.Running),
            Result = result,
            CompletionRatio = stage.Completion,
            CompletedTasks = stage.Done,
            ExpectedTasks = stage.Expected,
            FailedTasks = stage.Counts.Failed,
            FailedAttempts = stage.Counts.FailedAttempts,
            SkippedTasks = stage.Counts.Skipped,
            RunningTasks = runResult is null ? share.RunningTasks : 0,
            Revisions = share.Revisions,
            Attempts = share.Attempts,
            StartedAt = share.StartedAt,
            EndedAt = share.EndedAt,
            WallTime = StatusMaker.Time(share.WallSeconds),
            WaitTime = StatusMaker.Time(share.WaitSeconds),
            AverageTaskDuration = share.TimedTasks > 0 ? StatusMaker.Time(share.TimedSeconds / share.TimedTasks) : null,
            Items = share.Items,
        };
    }
}
