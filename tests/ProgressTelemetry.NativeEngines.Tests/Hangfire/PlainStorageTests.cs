using Hangfire;
using Hangfire.Common;
using Hangfire.InMemory;
using Hangfire.States;
using ProgressTelemetry.Hangfire;

namespace ProgressTelemetry.NativeEngines.Tests.Hangfire;

/// <summary>Where the storage sends no parameters along with a job, what this process created needn't be looked up, and what others created is.</summary>
[Collection(HangfireCollection.Name)]
public sealed class PlainStorageTests : IDisposable
{
    private readonly InMemoryStorage _memory = new();
    private readonly PlainStorage _storage;
    private readonly HangfireProcess _process;

    public PlainStorageTests()
    {
        _storage = new PlainStorage(_memory);
        _process = new HangfireProcess(_storage);
    }

    private EngineFixture Engine => _process.Engine;

    [Fact]
    public async Task Job_ThatWasCreatedHere_IsNotLookedUp()
    {
        var client = new BackgroundJobClient(_storage, _process.Filters);
        var root = client.Create(() => Etl.PrepareAsync(Engine.Test), new ScheduledState(TimeSpan.FromDays(1)));
        client.ChangeState(root, new EnqueuedState());
        Engine.Gate("prepare").Open();

        Assert.Equal("Succeeded: Etl.PrepareAsync Succeeded 1/1", EngineFixture.Text(await Engine.EndAsync(root)));

        // Hangfire itself reads others, and the continuations, as the job ends.
        Assert.DoesNotContain(_storage.Read, read => read.Name is "ProgressTelemetry" or "RecurringJobId");
        Assert.Empty(Engine.Errors);
    }

    [Fact]
    public Task Run_OfContinuationsThatWereCreatedHere_IsPlannedBeforeTheyRun() => PlannedAsync(_process.Filters);

    [Fact]
    public async Task Run_OfContinuationsThatAnotherProcessCreated_IsLookedUp()
    {
        using var other = new ProgressJobFilter(Engine.Tracker);
        var root = await PlannedAsync(new JobFilterCollection { other, new ContinuationsSupportAttribute() });
        Assert.Contains((root, "RecurringJobId"), _storage.Read);
        Assert.Empty(Engine.Errors);
    }

    [Fact]
    public async Task Continuation_OfAJobOfThisProcessThatAnotherCreates_IsOfItsRun()
    {
        using var other = new ProgressJobFilter(Engine.Tracker);
        var client = new BackgroundJobClient(_storage, _process.Filters);
        var elsewhere = new BackgroundJobClient(_storage, new JobFilterCollection { other, new ContinuationsSupportAttribute() });
        var root = client.Create(() => Etl.PrepareAsync(Engine.Test), new ScheduledState(TimeSpan.FromDays(1)));
        elsewhere.Create(() => Etl.Report(Engine.Test), new AwaitingState(root));
        client.ChangeState(root, new EnqueuedState());
        Engine.Gate("prepare").Open();

        Assert.Equal("Succeeded: Etl.PrepareAsync Succeeded 1/1, Etl.Report Succeeded 1/1", EngineFixture.Text(await Engine.EndAsync(root)));
    }

    public void Dispose()
    {
        _process.Dispose();
        _memory.Dispose();
    }

    // A job and its continuation, of whoever has these filters, seen while the first runs and at the end.
    private async Task<string> PlannedAsync(JobFilterCollection filters)
    {
        var client = new BackgroundJobClient(_storage, filters);
        var root = client.Create(() => Etl.PrepareAsync(Engine.Test), new ScheduledState(TimeSpan.FromDays(1)));
        client.Create(() => Etl.Report(Engine.Test), new AwaitingState(root));
        client.ChangeState(root, new EnqueuedState());
        await Engine.Gate("prepare").Reached;
        Assert.Equal("Running: Etl.PrepareAsync Running 0/1, Etl.Report Pending 0/1", EngineFixture.Text(Engine.Tracker.GetStatus(root)));
        Engine.Gate("prepare").Open();

        Assert.Equal("Succeeded: Etl.PrepareAsync Succeeded 1/1, Etl.Report Succeeded 1/1", EngineFixture.Text(await Engine.EndAsync(root)));
        return root;
    }
}
