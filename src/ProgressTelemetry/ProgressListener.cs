namespace ProgressTelemetry;

/// <summary>
/// Hears of progress. Override what is of interest; register with <see cref="ProgressTracker.Subscribe"/> or as a service of this type.
/// </summary>
/// <remarks>
/// Each listener is called in order and one at a time, on the thread pool and never by the tracked work, which it can't hold up. One that is slower than its runs loses updates of tasks first (from 4,096 events that wait) and then
/// others (from 8,192); what is lost is counted in <c>progress.tracker.errors</c>. What a listener throws is counted and logged, and reaches nobody else. It may call the tracker; one that is a service may have the tracker
/// injected, since services are made when the host or the first run starts. <see cref="ProgressTracker.DrainAsync"/> waits for all listeners.
/// </remarks>
public abstract class ProgressListener
{
    /// <summary>
    /// Whether <see cref="OnTaskUpdated"/> is to be called; asked once, when the listener is added. While a listener hears of tasks, each task that is merely counted takes its run's lock; one that says false leaves the counting as fast
    /// as it is without listeners. Default: true.
    /// </summary>
    public virtual bool HearsTasks => true;

    /// <summary>A run started.</summary>
    /// <param name="run">The run.</param>
    public virtual void OnRunStarted(WorkflowRun run)
    {
    }

    /// <summary>A run ended; nothing of it follows.</summary>
    /// <param name="run">The run.</param>
    /// <param name="final">Its final status, with its result and exact counts.</param>
    public virtual void OnRunEnded(WorkflowRun run, WorkflowStatus final)
    {
    }

    /// <summary>An attempt at the whole run failed, and the run goes on with another (see <see cref="WorkflowRun.Retry(string?)"/>).</summary>
    /// <param name="run">The run.</param>
    /// <param name="attempt">The attempt that failed, from 1.</param>
    /// <param name="errorType">The <c>error.type</c>.</param>
    public virtual void OnRunRetried(WorkflowRun run, int attempt, string? errorType)
    {
    }

    /// <summary>A stage started, or started again.</summary>
    /// <param name="stage">This attempt at the stage.</param>
    public virtual void OnStageStarted(WorkflowStage stage)
    {
    }

    /// <summary>An attempt at a stage ended.</summary>
    /// <param name="stage">The attempt.</param>
    /// <param name="result">How it ended.</param>
    public virtual void OnStageEnded(WorkflowStage stage, WorkflowResult result)
    {
    }

    /// <summary>
    /// Tasks moved on. Counted tasks that end faster than listeners hear of them are told together, with the latest counts; of tasks with ids, updates are dropped, and counted as errors, while 4,096 of them wait for a slow listener.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="update">What moved on, and the counts after it.</param>
    public virtual void OnTaskUpdated(WorkflowRun run, TaskUpdate update)
    {
    }

    /// <summary>A milestone was reached: once for each milestone of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="milestone">The milestone, with the moment.</param>
    public virtual void OnMilestoneReached(WorkflowRun run, MilestoneStatus milestone)
    {
    }

    /// <summary>A stage's work was sent back.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="reason">Why, when that was said.</param>
    /// <param name="version">The version that was sent back, when that was said.</param>
    public virtual void OnRevision(WorkflowStage stage, string? reason, string? version)
    {
    }

    /// <summary>A run was silent for longer than its stall threshold: once for each silence.</summary>
    /// <param name="run">The run.</param>
    /// <param name="silence">Time since its last progress.</param>
    public virtual void OnStalled(WorkflowRun run, TimeSpan silence)
    {
    }

    /// <summary>A stalled run moved on.</summary>
    /// <param name="run">The run.</param>
    public virtual void OnResumed(WorkflowRun run)
    {
    }

    /// <summary>A run is expected to end after its deadline: once for each time that the forecast crosses it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="estimate">The forecast; its <see cref="TimeEstimate.Low"/> after the deadline means that it is all but sure.</param>
    public virtual void OnDeadlineForecastLate(WorkflowRun run, TimeEstimate estimate)
    {
    }

    /// <summary>A run's deadline has passed and it has not ended: once.</summary>
    /// <param name="run">The run.</param>
    public virtual void OnDeadlineMissed(WorkflowRun run)
    {
    }
}
