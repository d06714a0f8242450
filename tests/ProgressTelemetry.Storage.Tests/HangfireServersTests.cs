using ProgressTelemetry.Storage.Tests.Support;
using Xunit;

namespace ProgressTelemetry.Storage.Tests;

/// <summary>Two processes with a Hangfire server each, on one PostgreSQL, work on one tree of jobs.</summary>
[Collection(PostgreSqlCollection.Name)]
public class HangfireServersTests(PostgreSqlServer server)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [PostgreSqlFact]
    public async Task Jobs_OnTwoServers_AreOneRunWithEachJobOnceThatEndsOnce()
    {
        const int Parts = 6;
        var database = await server.CreateDatabaseAsync();
        using var limit = new CancellationTokenSource(Limit);
        using var second = WorkerProcess.Hangfire(database, "second", "6");
        await second.LineAsync("ready", limit.Token);

        // A job that is tried again comes to the default queue.
        using var first = WorkerProcess.Hangfire(database, "first,default", "6", "create");
        var run = (await first.LineAsync("run ", limit.Token))["run ".Length..];
        Assert.Equal((0, 0), (await first.EndAsync(limit.Token), await second.EndAsync(limit.Token)));

        var stored = await Stores.PostgreSql(database).ReadAllAsync();
        var joint = JointRun.Of(stored.Select(share => share.Share!));
        var status = joint.ToStatus(DateTimeOffset.UtcNow);
        Assert.Equal((run, 2, 0L), (joint.RunId, joint.Shares.Length, joint.Generation));
        Assert.Equal(("Import.Prepare", WorkflowResult.Success, 1d), (status.Workflow, status.Result, status.CompletionRatio));
        Assert.Equal(
            [("Import.Load", Parts, Parts, 1), ("Import.Prepare", 1, 1, 0), ("Import.Report", 1, 1, 0)],
            status.Stages.OrderBy(stage => stage.Name, StringComparer.Ordinal).Select(stage => (stage.Name, (int)stage.CompletedTasks, (int)stage.ExpectedTasks!.Value, (int)stage.FailedAttempts)));
        Assert.Equal((Parts + 2, Parts + 2), ((int)status.CompletedTasks, (int)status.ExpectedTasks!.Value));

        // Both had a part in it, and one of them is told of the end.
        Assert.Equal(["did load 0", "did load 2", "did load 4", "did prepare"], Did(first));
        Assert.Equal(["did load 1", "did load 3", "did load 5", "did report"], Did(second));
        Assert.Equal($"ended {run} Success", Assert.Single([.. first.Lines, .. second.Lines], line => line.StartsWith("ended ", StringComparison.Ordinal)));
        Assert.NotNull(status.EndedAt);
    }

    private static IEnumerable<string> Did(WorkerProcess process) => process.Lines.Where(line => line.StartsWith("did ", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
}
