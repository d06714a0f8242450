using System.Text.Json;
using Hangfire;
using Hangfire.Common;
using Hangfire.Storage;

namespace ProgressTelemetry.Hangfire;

/// <summary>Which run a job belongs to, and which jobs are its run's: the tree of continuations under the root job, read from Hangfire's storage, so that every server sees the same.</summary>
internal static class JobTree
{
    /// <summary>The job parameter that a continuation carries: its run's id and workflow.</summary>
    public const string RunParameter = "ProgressTelemetry";

    /// <summary>The job parameter that a recurring job's jobs carry: its id, which is the workflow's name then.</summary>
    public const string RecurringParameter = "RecurringJobId";

    /// <summary>The job parameter in which Hangfire keeps a job's continuations.</summary>
    private const string ContinuationsParameter = "Continuations";

    /// <summary>A tree is read no further than this.</summary>
    private const int MostJobs = 1_000;

    /// <summary>The run that a continuation of this job belongs to.</summary>
    public static RunOfJob? RunOf(IStorageConnection connection, string jobId)
    {
        if (connection.GetJobData(jobId) is not { } data)
        {
            return null;
        }

        return RunOf(jobId, JobName.Of(data), Parameter<string[]>(connection, jobId, data, RunParameter), Parameter<string>(connection, jobId, data, RecurringParameter));
    }

    /// <summary>The run that a job with these parameters belongs to. The workflow of a root job is the recurring job that it is of, or its own name.</summary>
    public static RunOfJob RunOf(string jobId, string name, string[]? run, string? recurringJobId) =>
        run is [var id, var workflow] ? new RunOfJob(id, workflow) : new RunOfJob(jobId, recurringJobId is { Length: > 0 and <= 200 } ? recurringJobId : name);

    /// <summary>The jobs of a tree, each after the one that it continues.</summary>
    public static IReadOnlyList<StoredJob> Read(IStorageConnection connection, string rootId)
    {
        var jobs = new List<StoredJob>();
        var seen = new HashSet<string>(StringComparer.Ordinal) { rootId };
        var next = new Queue<(string Id, string? Parent)>([(rootId, null)]);
        while (jobs.Count < MostJobs && next.TryDequeue(out var job))
        {
            if (connection.GetJobData(job.Id) is not { } data)
            {
                continue;
            }

            jobs.Add(new StoredJob(job.Id, JobName.Of(data), job.Parent, data.State));
            foreach (var child in Continuations(Raw(connection, job.Id, data, ContinuationsParameter)).Where(seen.Add))
            {
                next.Enqueue((child, job.Id));
            }
        }

        return jobs;
    }

    /// <summary>Whether a job that was fetched has continuations: by what came with it, where the storage sends that, so that most jobs cost no further reading.</summary>
    public static bool HasContinuations(IStorageConnection connection, BackgroundJob job) =>
        (job.ParametersSnapshot is { } snapshot ? snapshot.GetValueOrDefault(ContinuationsParameter) : connection.GetJobParameter(job.Id, ContinuationsParameter)) is not null;

    private static T? Parameter<T>(IStorageConnection connection, string jobId, JobData data, string name)
        where T : class => Raw(connection, jobId, data, name) is { } raw ? SerializationHelper.Deserialize<T>(raw, SerializationOption.User) : null;

    private static string? Raw(IStorageConnection connection, string jobId, JobData data, string name) =>
        data.ParametersSnapshot is { } snapshot ? snapshot.GetValueOrDefault(name) : connection.GetJobParameter(jobId, name);

    // [{"JobId":"2","Options":1}, ...]
    private static IEnumerable<string> Continuations(string? json)
    {
        if (string.IsNullOrEmpty(json))
        {
            yield break;
        }

        using var document = JsonDocument.Parse(json);
        foreach (var continuation in document.RootElement.EnumerateArray())
        {
            if (continuation.TryGetProperty("JobId", out var id) && id.GetString() is { } jobId)
            {
                yield return jobId;
            }
        }
    }
}
