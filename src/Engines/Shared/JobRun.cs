namespace ProgressTelemetry.Following;

/// <summary>
/// A run whose tasks are an engine's jobs, each in the stage of its name. A stage is open from its first job on until all of its jobs are over; while none of them can run, it waits. The engine may tell of jobs from many threads, and of the
/// same thing twice.
/// </summary>
/// <remarks>Its lock is held while it tells the tracker, so that the tracker hears in the order in which the engine told. That lock is always taken before the run's own, and the tracker calls nobody back.</remarks>
internal sealed class JobRun(WorkflowRun run, DateTimeOffset now)
{
    private readonly Lock _gate = new();
    private readonly JobGraph _graph = new();
    private DateTimeOffset _lastChange = now;
    private WorkflowResult _result;
    private string? _errorType;
    private bool _isClosed;

    public string Id => run.Id;

    /// <summary>When to look up what others have done with it.</summary>
    public LookTimes Looks { get; } = new(now);

    /// <summary>When a job last became known, started or ended.</summary>
    public DateTimeOffset LastChange
    {
        get
        {
            lock (_gate)
            {
                return _lastChange;
            }
        }
    }

    /// <summary>Whether no job is left that could run: the run may end.</summary>
    public bool IsOver => _graph.Left == 0;

    /// <summary>Whether a job runs in this process now.</summary>
    public bool IsRunning => _graph.Running > 0;

    /// <summary>The jobs that are known.</summary>
    public IReadOnlyList<string> JobIds
    {
        get
        {
            lock (_gate)
            {
                return [.. _graph.Jobs.Keys];
            }
        }
    }

    /// <summary>Jobs are to come: their stages are shown, and counted in what is expected, before they run.</summary>
    /// <param name="jobs">Each after those that it waits for.</param>
    /// <param name="at">When they became known.</param>
    /// <returns>False when the run has ended.</returns>
    public bool Expect(IReadOnlyCollection<ExpectedJob> jobs, DateTimeOffset at)
    {
        lock (_gate)
        {
            var known = _graph.Count;
            foreach (var job in _isClosed ? [] : jobs)
            {
                _graph.Add(job);
            }

            if (_graph.Count > known)
            {
                _lastChange = at;
                _graph.Plan(run);
            }

            return !_isClosed;
        }
    }

    /// <summary>A job starts, or starts again after an attempt that failed.</summary>
    /// <returns>The job's stage; null when the run has ended.</returns>
    public WorkflowStage? Begin(string jobId, string stageName, DateTimeOffset at)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return null;
            }

            // A job that nothing is known to follow, as most are, is no plan.
            if (_graph.Add(new ExpectedJob(jobId, stageName, [])) && _graph.Count > 1)
            {
                _graph.Plan(run);
            }

            var job = _graph.Find(jobId)!;
            _lastChange = at;
            var open = job.Stage.Open(run);
            job.EndWait();
            if (!job.IsActive)
            {
                job.Task = open.StartTask(jobId);
            }

            _graph.Begin(job);
            return open;
        }
    }

    /// <summary>An attempt at the job is over; whether the job is, is told next, by this process or another.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="errorType">What went wrong, when it failed and the engine will try again.</param>
    /// <param name="waitsFor">What the job waits for until then; null when it waits for nothing but its turn: if nobody gets to it, somebody should look.</param>
    /// <param name="at">When it ended.</param>
    public void EndAttempt(string jobId, string? errorType, string? waitsFor, DateTimeOffset at)
    {
        lock (_gate)
        {
            if (Find(jobId) is { IsActive: true } job)
            {
                _lastChange = at;
                _graph.Move(job, FollowedJobState.BetweenAttempts);
                job.EndWait();
                if (errorType is not null)
                {
                    job.Task.Retry(errorType);
                }

                job.Wait = waitsFor is null ? null : job.Stage.Handle?.Wait(waitsFor);
            }
        }
    }

    /// <summary>How far a running job is, as it says itself.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="completion">0 to 1.</param>
    public void Report(string jobId, double completion)
    {
        lock (_gate)
        {
            if (Find(jobId) is { State: FollowedJobState.Running } job)
            {
                job.Stage.Handle?.UpdateTask(jobId, WorkflowTaskState.Running, completion);
            }
        }
    }

    /// <summary>The job is over, in this process.</summary>
    public void End(string jobId, WorkflowResult result, string? errorType, DateTimeOffset at)
    {
        lock (_gate)
        {
            if (Find(jobId) is { } job && job.State != FollowedJobState.Over)
            {
                if (job.IsActive)
                {
                    job.Task.End(result);
                }
                else if (result == WorkflowResult.Skip)
                {
                    job.Stage.Open(run).SkipTask();
                }

                Settle(job, FollowedJobState.Over, result, errorType, at);
            }
        }
    }

    /// <summary>The job is over, in another process, which counts it.</summary>
    public void EndElsewhere(string jobId, WorkflowResult result, DateTimeOffset at)
    {
        lock (_gate)
        {
            if (Find(jobId) is { IsToCome: true } job)
            {
                job.Task.Cancel();
                Settle(job, FollowedJobState.Over, result, null, at);
            }
        }
    }

    /// <summary>The job, and those that wait for it, will not run: they are not waited for, and stay undone.</summary>
    public void GiveUp(string jobId, DateTimeOffset at)
    {
        lock (_gate)
        {
            if (Find(jobId) is { } job)
            {
                GiveUp([job], at);
            }
        }
    }

    /// <summary>The jobs that wait for this one, and those that wait for them, will not run: they are not waited for, and stay undone.</summary>
    public void GiveUpAfter(string jobId, DateTimeOffset at)
    {
        lock (_gate)
        {
            GiveUp(Find(jobId)?.Next ?? [], at);
        }
    }

    /// <summary>Ends the run, at its last change, if no job is left.</summary>
    /// <returns>Whether the run has ended, now or before.</returns>
    public bool TryClose()
    {
        lock (_gate)
        {
            if (!_isClosed && _graph.Left == 0)
            {
                _isClosed = true;
                run.At(_lastChange).End(_result, _errorType);
            }

            return _isClosed;
        }
    }

    /// <summary>Ends the run so, whatever is left of it: that will not run.</summary>
    public void Close(WorkflowResult result, string? errorType, DateTimeOffset at)
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                GiveUp(_graph.Jobs.Values, at);
                _isClosed = true;
                run.At(at).End(result, errorType);
            }
        }
    }

    private FollowedJob? Find(string jobId) => _isClosed ? null : _graph.Find(jobId);

    private void GiveUp(IEnumerable<FollowedJob> jobs, DateTimeOffset at)
    {
        foreach (var job in JobGraph.OutOfReach(jobs))
        {
            job.Task.Cancel();
            Settle(job, FollowedJobState.OutOfReach, WorkflowResult.Cancellation, null, at);
        }
    }

    // A failure of one job is the run's, however many others were cancelled.
    private void Settle(FollowedJob job, FollowedJobState state, WorkflowResult result, string? errorType, DateTimeOffset at)
    {
        _lastChange = at;
        job.EndWait();
        job.Stage.Note(result, errorType);
        if (state == FollowedJobState.Over)
        {
            Results.Worsen(ref _result, ref _errorType, result, errorType);
        }

        _graph.Settle(job, state);
    }
}
