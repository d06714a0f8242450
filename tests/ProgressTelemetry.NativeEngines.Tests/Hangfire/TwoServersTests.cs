using Hangfire;
using Hangfire.InMemory;
using Hangfire.States;

namespace ProgressTelemetry.NativeEngines.Tests.Hangfire;

/// <summary>Two processes share a storage: each has a tracker, a filter and a server of its own, and sees of the run what runs on it.</summary>
[Collection(HangfireCollection.Name)]
public sealed class TwoServersTests : IDisposable
{
    private readonly InMemoryStorage _storage = new();
    private readonly HangfireProcess _first;
    private readonly HangfireProcess _second;

    public TwoServersTests() => (_first, _second) = (new HangfireProcess(_storage, "first"), new HangfireProcess(_storage, "second"));

    [Fact]
    public async Task Run_WhoseJobsRunOnTwoServers_IsOneRunOfThatIdInBothAndEndsInBoth()
    {
        var test = _first.Engine.Test;
        var client = new BackgroundJobClient(_storage, _first.Filters);
        var root = client.Create(() => Etl.PrepareAsync(test), new EnqueuedState("first"));
        await _first.Engine.Gate("prepare").Reached;
        var load = client.Create(() => Etl.LoadAsync(test, "a"), new AwaitingState(root, new EnqueuedState("second")));
        client.Create(() => Etl.Report(test), new AwaitingState(load, new EnqueuedState("first")));
        _first.Engine.Gate("prepare").Open();
        await _first.Engine.Gate("load a").Reached;

        await _first.Engine.StatusAsync(root, s => EngineFixture.Text(s) == "Running: Etl.PrepareAsync Succeeded 1/1, Etl.LoadAsync Pending 0/1, Etl.Report Pending 0/1");
        Assert.Equal("Running: Etl.PrepareAsync Pending 0/1, Etl.LoadAsync Running 0/1, Etl.Report Pending 0/1", EngineFixture.Text(_second.Engine.Tracker.GetStatus(root)));
        Assert.Equal("Etl.PrepareAsync", _second.Engine.Tracker.GetStatus(root)!.Workflow);
        _first.Engine.Gate("load a").Open();

        var (first, second) = (await _first.Engine.EndAsync(root), await _second.Engine.EndAsync(root));
        Assert.Equal((2L, 1L), (first.CompletedTasks, second.CompletedTasks));
        Assert.Equal((WorkflowResult.Success, WorkflowResult.Success), (first.Result!.Value, second.Result!.Value));
        Assert.Empty(_first.Engine.Errors);
        Assert.Empty(_second.Engine.Errors);
    }

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        _storage.Dispose();
    }
}
