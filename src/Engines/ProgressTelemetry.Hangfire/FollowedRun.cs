using Hangfire.States;
using Hangfire.Storage;
using ProgressTelemetry.Following;

namespace ProgressTelemetry.Hangfire;

/// <summary>One process's share of a tree of jobs: it hears of what runs here, and looks up in the storage what other servers have done, less and less often.</summary>
internal sealed class FollowedRun(RunOfJob of, JobRun run)
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestLook = TimeSpan.FromMinutes(1);

    public RunOfJob Of => of;

    public JobRun Jobs => run;

    /// <summary>Whether nothing of it runs here, and nothing was heard of it for a while.</summary>
    public bool ShouldLook(DateTimeOffset now) => !run.IsOver && !run.IsRunning && run.Looks.AreDue(run.LastChange, now, FirstLook, LongestLook);

    /// <summary>Takes over what the storage knows of the tree.</summary>
    public void Look(IStorageConnection connection, DateTimeOffset now)
    {
        var tree = JobTree.Read(connection, run.Id);
        Take(tree, now);
        foreach (var id in run.JobIds.Except(tree.Select(job => job.Id), StringComparer.Ordinal).Where(id => connection.GetJobData(id) is null))
        {
            // Hangfire forgets jobs that succeeded or were deleted, some time later.
            run.EndElsewhere(id, WorkflowResult.Success, now);
        }
    }

    /// <summary>Takes over what was read of the tree.</summary>
    public void Take(IReadOnlyList<StoredJob> tree, DateTimeOffset now)
    {
        run.Expect([.. tree.Select(job => new ExpectedJob(job.Id, job.Name, job.ParentId is { } parent ? [parent] : []))], now);
        foreach (var job in tree)
        {
            if (job.State == SucceededState.StateName)
            {
                run.EndElsewhere(job.Id, WorkflowResult.Success, now);
            }
            else if (job.State == DeletedState.StateName)
            {
                run.EndElsewhere(job.Id, WorkflowResult.Cancellation, now);
            }
            else if (job.State == FailedState.StateName)
            {
                run.EndElsewhere(job.Id, WorkflowResult.Failure, now);
                run.GiveUpAfter(job.Id, now);
            }
        }
    }
}
