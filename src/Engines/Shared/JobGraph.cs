namespace ProgressTelemetry.Following;

/// <summary>The jobs of a run, which of them wait for which, and how many are left. The run's lock guards it; the two counts may be read without.</summary>
internal sealed class JobGraph
{
    private readonly Dictionary<string, FollowedJob> _jobs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JobStage> _stages = new(StringComparer.Ordinal);
    private int _running;
    private int _left;

    /// <summary>How many jobs are known.</summary>
    public int Count => _jobs.Count;

    /// <summary>The jobs that are known.</summary>
    public IReadOnlyDictionary<string, FollowedJob> Jobs => _jobs;

    /// <summary>How many jobs run in this process now.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>How many jobs could run still.</summary>
    public int Left => Volatile.Read(ref _left);

    /// <summary>All jobs that can't run when these don't: they, and those that wait for them, as far as they are to come. Each is told once, and settled before the next is asked for.</summary>
    public static IEnumerable<FollowedJob> OutOfReach(IEnumerable<FollowedJob> jobs)
    {
        var next = new Queue<FollowedJob>(jobs);
        while (next.TryDequeue(out var job))
        {
            if (job.IsToCome)
            {
                job.Next.ForEach(next.Enqueue);
                yield return job;
            }
        }
    }

    public FollowedJob? Find(string jobId) => _jobs.GetValueOrDefault(jobId);

    /// <summary>A job is known.</summary>
    /// <returns>Whether it wasn't before.</returns>
    public bool Add(ExpectedJob expected)
    {
        if (_jobs.ContainsKey(expected.Id))
        {
            return false;
        }

        if (!_stages.TryGetValue(expected.Stage, out var stage))
        {
            _stages.Add(expected.Stage, stage = new JobStage(expected.Stage, _stages.Count));
        }

        var job = new FollowedJob(expected.Id, stage);
        _jobs.Add(job.Id, job);
        foreach (var before in expected.After.Select(Find).OfType<FollowedJob>())
        {
            before.Next.Add(job);
            job.Blockers += before.State == FollowedJobState.Over ? 0 : 1;
            stage.WaitsFor(before.Stage);
        }

        stage.Ready += job.Blockers == 0 ? 1 : 0;
        stage.Known++;
        stage.Left++;
        _left++;
        return true;
    }

    /// <summary>Tells the run of stages that it doesn't know, and of how many tasks are to be expected.</summary>
    public void Plan(WorkflowRun run)
    {
        var planned = _stages.Values.Where(stage => !stage.IsPlanned).Select(stage => stage.Plan()).ToList();
        if (planned.Count > 0)
        {
            run.Plan(planned);
        }

        foreach (var stage in _stages.Values)
        {
            stage.TellKnown();
        }

        run.ExpectTasks(_jobs.Count);
    }

    /// <summary>A job runs: for the first time, again, or though it was taken for over.</summary>
    public void Begin(FollowedJob job)
    {
        if (job.State is FollowedJobState.Over or FollowedJobState.OutOfReach)
        {
            job.Stage.Left++;
            _left++;
        }

        job.Stage.Active += job.IsActive ? 0 : 1;
        Move(job, FollowedJobState.Running);
    }

    /// <summary>A job is over or out of reach: those that waited for it alone can run now, and stages at which nothing can, rest.</summary>
    public void Settle(FollowedJob job, FollowedJobState state)
    {
        job.Stage.Active -= job.IsActive ? 1 : 0;
        if (job.State != FollowedJobState.OutOfReach)
        {
            job.Stage.Left--;
            _left--;
        }

        Move(job, state);
        if (state == FollowedJobState.Over)
        {
            foreach (var next in job.Next.Where(next => next.Blockers > 0 && --next.Blockers == 0 && next.State == FollowedJobState.Pending))
            {
                next.Stage.Ready++;
            }
        }

        foreach (var stage in _stages.Values)
        {
            stage.Rest();
        }
    }

    public void Move(FollowedJob job, FollowedJobState state)
    {
        _running += (state == FollowedJobState.Running ? 1 : 0) - (job.State == FollowedJobState.Running ? 1 : 0);
        job.Stage.Ready -= job.State == FollowedJobState.Pending && job.Blockers == 0 ? 1 : 0;
        job.State = state;
    }
}
