using System.Collections.Concurrent;

namespace ProgressTelemetry.Hangfire;

/// <summary>The jobs that this process created last, so that those which run here too needn't be looked up in a storage that sends no parameters along with a job.</summary>
internal sealed class CreatedJobs
{
    /// <summary>So many are remembered: what a queue may hold before its jobs come to be looked up again, at about 1 MB.</summary>
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<string, CreatedJob> _jobs = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = new();

    public void Add(string jobId, RunOfJob run)
    {
        _jobs[jobId] = new CreatedJob(run);
        _order.Enqueue(jobId);
        if (_order.Count > Most && _order.TryDequeue(out var oldest))
        {
            _jobs.TryRemove(oldest, out _);
        }
    }

    public CreatedJob? Find(string jobId) => _jobs.GetValueOrDefault(jobId);
}
