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
    private readonly EngineFixture _engine = new();
    private readonly InMemoryStorage _memory = new();
    private readonly PlainStorage _storage;
    private readonly ProgressJobFilter _filter;
    private readonly JobFilterCollection _filters = [];
    private readonly BackgroundJobServer _server;

    public PlainStorageTests()
    {
        _storage = new PlainStorage(_memory);
        _filter = new ProgressJobFilter(_engine.Tracker);
        _filters.Add(_filter);
        _filters.Add(new ContinuationsSupportAttribute([FailedState.StateName, DeletedState.StateName, SucceededState.StateName], new BackgroundJobStateChanger(_filters)));
        _server = new BackgroundJobServer(HangfireFixture.Options(_filters), _storage);
    }

    [Fact]
    public async Task Job_ThatWasCreatedHere_IsNotLookedUp()
    {
        var client = new BackgroundJobClient(_storage, _filters);
        var root = client.Create(() => Etl.PrepareAsync(_engine.Test), new ScheduledState(TimeSpan.FromDays(1)));
        client.ChangeState(root, new EnqueuedState());
        _engine.Gate("prepare").Open();

        Assert.Equal("Succeeded: Etl.PrepareAsync Succeeded 1/1", EngineFixture.Text(await _engine.EndAsync(root)));

        // Hangfire itself reads others, and the continuations, as the job ends.
        Assert.DoesNotContain(_storage.Read, read => read.Name is "ProgressTelemetry" or "RecurringJobId");
        Assert.Empty(_engine.Errors);
    }

    [Fact]
    public async Task Run_OfContinuationsThatWereCreatedHere_IsPlannedBeforeTheyRun()
    {
        var client = new BackgroundJobClient(_storage, _filters);
        var root = client.Create(() => Etl.PrepareAsync(_engine.Test), new ScheduledState(TimeSpan.FromDays(1)));
        client.Create(() => Etl.Report(_engine.Test), new AwaitingState(root));
        client.ChangeState(root, new EnqueuedState());
        await _engine.Gate("prepare").Reached;
        Assert.Equal("Running: Etl.PrepareAsync Running 0/1, Etl.Report Pending 0/1", EngineFixture.Text(_engine.Tracker.GetStatus(root)));
        _engine.Gate("prepare").Open();

        Assert.Equal("Succeeded: Etl.PrepareAsync Succeeded 1/1, Etl.Report Succeeded 1/1", EngineFixture.Text(await _engine.EndAsync(root)));
    }

    [Fact]
    public async Task Run_OfContinuationsThatAnotherProcessCreated_IsLookedUp()
    {
        using var other = new ProgressJobFilter(_engine.Tracker);
        var client = new BackgroundJobClient(_storage, new JobFilterCollection { other, new ContinuationsSupportAttribute() });
        var root = client.Create(() => Etl.PrepareAsync(_engine.Test), new ScheduledState(TimeSpan.FromDays(1)));
        client.Create(() => Etl.Report(_engine.Test), new AwaitingState(root));
        client.ChangeState(root, new EnqueuedState());
        await _engine.Gate("prepare").Reached;
        Assert.Equal("Running: Etl.PrepareAsync Running 0/1, Etl.Report Pending 0/1", EngineFixture.Text(_engine.Tracker.GetStatus(root)));
        _engine.Gate("prepare").Open();

        Assert.Equal("Succeeded: Etl.PrepareAsync Succeeded 1/1, Etl.Report Succeeded 1/1", EngineFixture.Text(await _engine.EndAsync(root)));
        Assert.Contains((root, "RecurringJobId"), _storage.Read);
        Assert.Empty(_engine.Errors);
    }

    [Fact]
    public async Task Continuation_OfAJobOfThisProcessThatAnotherCreates_IsOfItsRun()
    {
        using var other = new ProgressJobFilter(_engine.Tracker);
        var client = new BackgroundJobClient(_storage, _filters);
        var elsewhere = new BackgroundJobClient(_storage, new JobFilterCollection { other, new ContinuationsSupportAttribute() });
        var root = client.Create(() => Etl.PrepareAsync(_engine.Test), new ScheduledState(TimeSpan.FromDays(1)));
        elsewhere.Create(() => Etl.Report(_engine.Test), new AwaitingState(root));
        client.ChangeState(root, new EnqueuedState());
        _engine.Gate("prepare").Open();

        Assert.Equal("Succeeded: Etl.PrepareAsync Succeeded 1/1, Etl.Report Succeeded 1/1", EngineFixture.Text(await _engine.EndAsync(root)));
    }

    public void Dispose()
    {
        _server.Dispose();
        _filter.Dispose();
        _memory.Dispose();
        _engine.Dispose();
    }
}
