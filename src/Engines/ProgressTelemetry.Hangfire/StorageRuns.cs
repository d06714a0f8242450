using System.Collections.Concurrent;
using Hangfire;
using Hangfire.Client;
using Hangfire.Server;
using Hangfire.States;
using ProgressTelemetry.Following;
using ProgressTelemetry.Naming;

namespace ProgressTelemetry.Hangfire;

/// <summary>The runs of one storage's jobs that this process works on. A run starts with the first job of its tree that runs here, and ends when no job of it is left anywhere.</summary>
internal sealed class StorageRuns(JobStorage storage, ProgressTracker tracker)
{
    /// <summary>A run ends so long after its last job: a continuation may be created when the job that it continues is over already. Its end is told with the last job's own moment.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    // A recurring job is named by whoever adds it, at run time too.
    private readonly BoundedNames _names = new(keepsShortNumbers: true);
    private readonly ConcurrentDictionary<string, Lazy<FollowedRun>> _runs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, FollowedRun> _byJob = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Exception> _failures = new(StringComparer.Ordinal);
    private readonly CreatedJobs _created = new();

    public bool IsEmpty => _runs.IsEmpty;

    /// <summary>A continuation belongs to the run of the job that it continues.</summary>
    public void Creating(CreatingContext context)
    {
        if (context.InitialState is AwaitingState awaiting && (Known(awaiting.ParentId) ?? JobTree.RunOf(context.Connection, awaiting.ParentId)) is { } run)
        {
            context.SetJobParameter(JobTree.RunParameter, new[] { run.Id, run.Workflow });
        }
    }

    public void Created(CreatedContext context)
    {
        if (context.BackgroundJob?.Id is not { } jobId)
        {
            return;
        }

        var (name, parameters) = (JobName.Of(context.Job), context.Parameters);
        parameters.TryGetValue(JobTree.RunParameter, out var ofRun);
        parameters.TryGetValue(JobTree.RecurringParameter, out var recurring);
        _created.Add(jobId, JobTree.RunOf(jobId, name, ofRun as string[], recurring as string));
        if (context.InitialState is AwaitingState { ParentId: var parentId })
        {
            if (_created.Find(parentId) is { } parent)
            {
                parent.HasContinuations = true;
            }

            if (_byJob.TryGetValue(parentId, out var run))
            {
                Expect(run, new ExpectedJob(jobId, name, [parentId]));
            }
        }
    }

    /// <summary>A job starts, or starts again.</summary>
    /// <returns>Its stage.</returns>
    public WorkflowStage Performing(PerformContext context)
    {
        _failures.TryRemove(context.BackgroundJob.Id, out _);
        var name = JobName.Of(context.BackgroundJob.Job);
        while (true)
        {
            var run = FindOrStart(context, name);
            if (run.Value.Jobs.Begin(context.BackgroundJob.Id, name, tracker.UtcNow) is { } stage)
            {
                _byJob[context.BackgroundJob.Id] = run.Value;
                return stage;
            }

            // It has just ended.
            _runs.TryRemove(new(run.Value.Jobs.Id, run));
        }
    }

    public void Performed(PerformedContext context)
    {
        if (context.Exception is { } exception && !context.ExceptionHandled)
        {
            _failures[context.BackgroundJob.Id] = exception is JobPerformanceException { InnerException: { } inner } ? inner : exception;
        }

        // No state follows when the server stops while the job runs: another server will take it.
        if (_byJob.TryGetValue(context.BackgroundJob.Id, out var run))
        {
            run.Jobs.EndAttempt(context.BackgroundJob.Id, null, null, tracker.UtcNow);
        }
    }

    /// <summary>A job's state was applied. What filters merely elect is no matter: a failure that will be tried again is never applied.</summary>
    public void Applied(ApplyStateContext context)
    {
        var (jobId, now) = (context.BackgroundJob.Id, tracker.UtcNow);
        if (!_byJob.TryGetValue(jobId, out var run))
        {
            TakeIn(context);
            return;
        }

        _failures.TryRemove(jobId, out var failure);
        switch (context.NewState)
        {
            case SucceededState:
                run.Jobs.End(jobId, WorkflowResult.Success, null, now);
                break;
            case FailedState failed:
                run.Jobs.End(jobId, WorkflowResult.Failure, TypeOf(failure ?? failed.Exception), now);
                run.Jobs.GiveUpAfter(jobId, now);
                break;
            case DeletedState when failure is not null:
                run.Jobs.End(jobId, WorkflowResult.Failure, TypeOf(failure), now);
                break;
            case DeletedState:
                run.Jobs.End(jobId, context.OldStateName == AwaitingState.StateName ? WorkflowResult.Skip : WorkflowResult.Cancellation, null, now);
                break;
            case ScheduledState:
                run.Jobs.EndAttempt(jobId, failure is null ? null : TypeOf(failure), failure is null ? "schedule" : "retry", now);
                break;
            case EnqueuedState:
                run.Jobs.EndAttempt(jobId, failure is null ? null : TypeOf(failure), null, now);
                break;
        }
    }

    /// <summary>Ends what is over, and looks up what others may have done.</summary>
    public void Sweep()
    {
        var now = tracker.UtcNow;
        foreach (var entry in _runs.Where(entry => entry.Value.IsValueCreated))
        {
            var run = entry.Value.Value;
            if (run.ShouldLook(now))
            {
                using var connection = storage.GetConnection();
                run.Look(connection, now);
            }

            if (run.Jobs.IsOver && now - run.Jobs.LastChange >= Grace && run.Jobs.TryClose())
            {
                _runs.TryRemove(entry);
                foreach (var jobId in run.Jobs.JobIds)
                {
                    _byJob.TryRemove(new(jobId, run));
                    _failures.TryRemove(jobId, out _);
                }
            }
        }
    }

    private static string TypeOf(Exception exception) => exception.GetType().FullName ?? exception.GetType().Name;

    // A continuation that was created by another process, of a run of this one: its turn has come.
    private void TakeIn(ApplyStateContext context)
    {
        if (context.OldStateName == AwaitingState.StateName
            && context.GetJobParameter<string[]>(JobTree.RunParameter, allowStale: true) is [var id, _]
            && _runs.TryGetValue(id, out var run) && context.NewState is EnqueuedState or ScheduledState)
        {
            Expect(run.Value, new ExpectedJob(context.BackgroundJob.Id, JobName.Of(context.BackgroundJob.Job), []));
        }
    }

    private void Expect(FollowedRun run, ExpectedJob job)
    {
        if (run.Jobs.Expect([job], tracker.UtcNow))
        {
            _byJob[job.Id] = run;
        }
    }

    private RunOfJob? Known(string jobId) => _created.Find(jobId)?.Run ?? _byJob.GetValueOrDefault(jobId)?.Of;

    private Lazy<FollowedRun> FindOrStart(PerformContext context, string name)
    {
        var of = Known(context.BackgroundJob.Id) ?? JobTree.RunOf(
            context.BackgroundJob.Id, name, context.GetJobParameter<string[]>(JobTree.RunParameter, allowStale: true), context.GetJobParameter<string>(JobTree.RecurringParameter, allowStale: true));
        return _runs.GetOrAdd(of.Id, _ => new Lazy<FollowedRun>(() => Start(of, context)));
    }

    private FollowedRun Start(RunOfJob of, PerformContext context)
    {
        var options = new WorkflowRunOptions { RunId = of.Id, WhenLive = WhenLive.Join, ParentContext = default(System.Diagnostics.ActivityContext) };
        var run = new FollowedRun(of, new JobRun(tracker.StartWorkflow(_names.Of(of.Workflow), options), tracker.UtcNow));
        if (of.Id != context.BackgroundJob.Id || (_created.Find(of.Id)?.HasContinuations ?? JobTree.HasContinuations(context.Connection, context.BackgroundJob)))
        {
            run.Take(JobTree.Read(context.Connection, of.Id), tracker.UtcNow);
            foreach (var jobId in run.Jobs.JobIds)
            {
                _byJob[jobId] = run;
            }
        }

        return run;
    }
}
