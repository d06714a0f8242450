using Microsoft.Extensions.DependencyInjection;
using WorkflowCore.Interface;
using WorkflowCore.Models;

namespace ProgressTelemetry.NativeEngines.Tests.WorkflowCore;

public sealed class WorkflowCoreTests : IAsyncLifetime, IDisposable
{
    private const string Before = "fetch Running 0/1, Foreach Pending 0/1, load Pending 0/?, Delay Pending 0/1, WaitFor Pending 0/1, publish Pending 0/1";

    private readonly EngineFixture _engine = new();
    private readonly ServiceProvider _services;
    private readonly IWorkflowHost _host;

    public WorkflowCoreTests()
    {
        _services = new ServiceCollection().AddLogging().AddSingleton(_engine.Tracker)
            .AddWorkflow(options => options.UsePollInterval(TimeSpan.FromMilliseconds(100)))
            .AddWorkflowProgressTelemetry().AddWorkflowProgressTelemetry()
            .BuildServiceProvider();
        _host = _services.GetRequiredService<IWorkflowHost>();
    }

    public Task InitializeAsync()
    {
        _host.RegisterWorkflow<Import, ImportData>();
        _host.RegisterWorkflow<Strict, ImportData>();
        return _host.StartAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }

    public void Dispose()
    {
        _services.Dispose();
        _engine.Dispose();
    }

    [Fact]
    public async Task Run_WithAFanOutADelayAndAnApproval_IsPlannedAndShowsEachWhileItLasts()
    {
        var run = await StartAsync("import");
        await _engine.Gate("fetch").Reached;
        Assert.Equal($"Running: {Before}", Text(run));
        Assert.Equal(("import", "3"), (_engine.Tracker.GetStatus(run)!.Workflow, _engine.Tracker.GetStatus(run)!.Version));
        _engine.Gate("fetch").Open();

        _engine.Gate("load a").Open();
        await _engine.Gate("load b").Reached;
        await TextAsync(run, "Running: fetch Succeeded 1/1, Foreach Waiting 0/1, load Running 1/3, Delay Pending 0/1, WaitFor Pending 0/1, publish Pending 0/1");
        _engine.Gate("load b").Open();
        _engine.Gate("load c").Open();

        await _engine.StatusAsync(run, s => s.Stages[3].State == WorkflowState.Waiting);
        await TextAsync(run, "Waiting: fetch Succeeded 1/1, Foreach Succeeded 1/1, load Succeeded 3/3, Delay Succeeded 1/1, WaitFor Waiting 0/1, publish Pending 0/1");
        await _host.PublishEvent("approval", _engine.Test, null);
        await _engine.Gate("publish").Reached;
        await TextAsync(run, "Running: fetch Succeeded 1/1, Foreach Succeeded 1/1, load Succeeded 3/3, Delay Succeeded 1/1, WaitFor Succeeded 1/1, publish Running 0/1");
        _engine.Gate("publish").Open();

        var final = await _engine.StatusAsync(run, s => s.Result is not null);
        Assert.Equal((WorkflowResult.Success, 8L, 7L), (final.Result!.Value, final.CompletedTasks, final.Stages[0].Items["row"]));
        Assert.Equal(
            ["run import started", "fetch started", "fetch ended Success", "Foreach started", "load started"],
            (await _engine.HeardAsync(run)).Take(5));
        Assert.Empty(_engine.Errors);
    }

    [Fact]
    public async Task Run_WithRetries_CountsEachTaskOnce()
    {
        Array.ForEach(["fetch", "load a", "load b", "load c", "publish"], name => _engine.Gate(name).Open());
        var run = await StartAsync("import", failures: 1);
        await _engine.Gate("load a 2").Reached;
        var status = _engine.Tracker.GetStatus(run)!;
        Assert.Equal((3L, 0L, 3L), (status.Stages[2].FailedAttempts, status.Stages[2].CompletedTasks, status.Stages[2].ExpectedTasks!.Value));
        Array.ForEach(["load a 2", "load b 2", "load c 2"], name => _engine.Gate(name).Open());
        await _host.PublishEvent("approval", _engine.Test, null);

        var final = await _engine.StatusAsync(run, s => s.Result is not null);
        Assert.Equal((WorkflowResult.Success, 3L, 3L, 0L), (final.Result!.Value, final.Stages[2].FailedAttempts, final.Stages[2].CompletedTasks, final.Stages[2].FailedTasks));
        Assert.Empty(_engine.Errors);
    }

    [Fact]
    public async Task Run_WhoseStepFailsForGood_Fails()
    {
        _engine.Gate("only").Open();
        var run = await StartAsync("strict");
        var final = await _engine.StatusAsync(run, s => s.Result is not null);
        Assert.Equal((WorkflowResult.Failure, "System.FormatException"), (final.Result!.Value, final.ErrorType));
        Assert.Equal("Failed: only Failed 1/1, never Pending 0/1", Text(run));
    }

    [Fact]
    public async Task Run_ThatIsTerminatedWhileItWaits_IsCancelled()
    {
        Array.ForEach(["fetch", "load a", "load b", "load c"], name => _engine.Gate(name).Open());
        var run = await StartAsync("import");
        await _engine.StatusAsync(run, s => s.Stages[4].State == WorkflowState.Waiting);
        await Eventually.TrueAsync(() => _host.TerminateWorkflow(run).GetAwaiter().GetResult(), () => "the instance is locked");
        Assert.Equal(WorkflowResult.Cancellation, (await _engine.StatusAsync(run, s => s.Result is not null)).Result);
    }

    [Fact]
    public async Task Run_WhoseTrackingFails_RunsAllTheSameAndIsLookedUp()
    {
        var storage = _services.GetRequiredService<IPersistenceProvider>();
        _engine.Gate("only").Open();
        var lost = await StartAsync("import");
        await _engine.Gate("fetch").Reached;
        _engine.Clock.Fails = true;
        var run = await StartAsync("strict");
        await Eventually.TrueAsync(() => storage.GetWorkflowInstance(run).GetAwaiter().GetResult().Status == global::WorkflowCore.Models.WorkflowStatus.Terminated, () => "it runs");
        Array.ForEach(["fetch", "load a", "load b", "load c", "publish"], name => _engine.Gate(name).Open());
        await _host.PublishEvent("approval", _engine.Test, null);
        await Eventually.TrueAsync(() => storage.GetWorkflowInstance(lost).GetAwaiter().GetResult().Status == global::WorkflowCore.Models.WorkflowStatus.Complete, () => "it runs");
        _engine.Clock.Fails = false;

        Assert.Contains(_engine.Errors, error => error.Contains("Workflow Core failed", StringComparison.Ordinal) && error.Contains("the clock is broken", StringComparison.Ordinal));
        Assert.Null(_engine.Tracker.GetStatus(run));
        Assert.Null(_engine.Tracker.GetStatus(lost)!.Result);
        _engine.Advance(61);
        Assert.Equal(WorkflowResult.Success, (await _engine.StatusAsync(lost, s => s.Result is not null)).Result);
    }

    private Task<string> StartAsync(string workflow, int failures = 0) => _host.StartWorkflow(workflow, new ImportData { Test = _engine.Test, Failures = failures }).Within();

    private string Text(string run) => EngineFixture.Text(_engine.Tracker.GetStatus(run));

    private Task TextAsync(string run, string expected) => Eventually.TrueAsync(() => Text(run) == expected, () => $"{Text(run)} {string.Join(", ", _engine.Errors)}");
}
