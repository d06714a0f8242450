using ProgressTelemetry.Following;

namespace ProgressTelemetry.MassTransit;

/// <summary>The jobs that this process runs, or ran an attempt of, each a run of one task. No method throws.</summary>
internal sealed class JobRuns(Adapter adapter)
{
    private readonly JobTable _runs = new(adapter, WhenLive.Join);

    public Adapter Adapter => adapter;

    /// <summary>An attempt starts here.</summary>
    /// <returns>What ends the job's stage's being current; null if the tracking failed.</returns>
    public IDisposable? Starting(Guid jobId, string workflow, string stage) => _runs.Begin(jobId, workflow, (run, now) => run.Begin(jobId.ToString(), stage, now));

    public void Report(Guid jobId, double completion) => With(jobId, (job, id, _) => job.Report(id, Math.Clamp(completion, 0, 1)));

    /// <summary>An attempt failed, and if it was the last, the job did.</summary>
    public void AttemptFailed(Guid jobId, string? errorType, bool isLast)
    {
        if (isLast)
        {
            Ended(jobId, WorkflowResult.Failure, errorType);
        }
        else
        {
            With(jobId, (job, id, now) => job.EndAttempt(id, errorType ?? "", "retry", now));
        }
    }

    /// <summary>An attempt was stopped, as its process stops: the job is taken up again, by another.</summary>
    public void AttemptStopped(Guid jobId) => With(jobId, static (job, id, now) => job.EndAttempt(id, null, "restart", now));

    /// <summary>The job ended, here.</summary>
    public void Ended(Guid jobId, WorkflowResult result, string? errorType) => With(jobId, (job, id, now) =>
    {
        job.End(id, result, errorType, now);
        Close(jobId, job);
    });

    /// <summary>The job is over: if that is news, it ran elsewhere, or was ended between two attempts.</summary>
    public void EndedSomewhere(Guid jobId, WorkflowResult result) => With(jobId, (job, id, now) =>
    {
        job.EndElsewhere(id, result, now);
        Close(jobId, job);
    });

    /// <summary>Jobs that are between two attempts and were not heard of for a while: another process may have gone on with them.</summary>
    public IReadOnlyList<Guid> Silent(TimeSpan first, TimeSpan longest) =>
        [.. _runs.Live.Where(job => !job.Run.IsRunning && job.Run.Looks.AreDue(job.Run.LastChange, adapter.Tracker.UtcNow, first, longest)).Select(job => job.Id)];

    private void With(Guid jobId, Action<JobRun, string, DateTimeOffset> tell) => _runs.With(jobId, (job, now) => tell(job, jobId.ToString(), now));

    private void Close(Guid jobId, JobRun job)
    {
        if (job.TryClose())
        {
            _runs.Remove(jobId, job);
        }
    }
}
