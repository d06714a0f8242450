using Microsoft.Extensions.DependencyInjection;
using ProgressTelemetry.Tests.Support;

namespace ProgressTelemetry.Tests.Registration;

/// <summary>Listeners that are services.</summary>
[Collection(ProcessWideCollection.Name)]
public sealed class ServiceListenerTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Listener_ThatAsksForTheTracker_HearsTheFirstRun(bool hosted)
    {
        // On a thread of its own: what would wait for itself would otherwise wait for ever.
        await Task.Run(() =>
        {
            var services = new ServiceCollection().AddSingleton<ProgressListener, Asking>().AddProgressTracking();
            using var host = hosted ? new TestHost(b => AddAll(b.Services, services)) : null;
            using var alone = services.BuildServiceProvider();
            var provider = host?.Provider ?? alone;
            var tracker = provider.GetRequiredService<ProgressTracker>();
            using var run = tracker.StartWorkflow("w");
            tracker.Drain();
            Assert.Equal([("w", 1)], Assert.IsType<Asking>(provider.GetRequiredService<ProgressListener>()).Started);
        }).WaitAsync(Limit);
    }

    [Fact]
    public void Listener_WhoseConstructorStartsARun_HearsTheRunsAfterIt()
    {
        using var provider = Provider(s => s.AddSingleton<ProgressListener>(p =>
        {
            var tracker = p.GetRequiredService<ProgressTracker>();
            tracker.StartWorkflow("of the constructor").StartStage("s");
            return new RecordingListener { Tracker = tracker };
        }));
        provider.GetRequiredService<ProgressTracker>().StartWorkflow("first");
        Assert.Contains("run first started", ((RecordingListener)provider.GetRequiredService<ProgressListener>()).Heard);
    }

    [Fact]
    public void Listener_WhileItIsMade_HoldsUpNoRunAndHearsThemAll()
    {
        using var made = new ManualResetEventSlim();
        var listener = new RecordingListener();
        using var provider = Provider(s => s.AddSingleton<ProgressListener>(_ =>
        {
            Assert.True(made.Wait(Limit));
            return listener;
        }));
        var tracker = listener.Tracker = provider.GetRequiredService<ProgressTracker>();
        tracker.StartWorkflow("first").Complete();
        tracker.StartWorkflow("second");
        Assert.Single(tracker.GetActive());
        made.Set();
        Assert.Equal(["run first started", "run first ended Success", "run second started"], listener.Heard);
    }

    [Fact]
    public void Listener_ThatCannotBeMade_FailsNeitherHostNorRunNorOtherListeners()
    {
        using var log = new RecordingLoggerFactory();
        var good = new RecordingListener();
        using var provider = Provider(s => s
            .AddSingleton<Microsoft.Extensions.Logging.ILoggerFactory>(log)
            .AddSingleton<ProgressListener>(_ => throw new InvalidOperationException("misconfigured"))
            .AddSingleton<ProgressListener>(good));
        good.Tracker = provider.GetRequiredService<ProgressTracker>();
        good.Tracker.StartWorkflow("w").Complete();
        Assert.Equal(["run w started", "run w ended Success"], good.Heard);
        Assert.Single(log.Of("progress.tracker.ignored"));
    }

    [Fact]
    public void StartWorkflow_AfterTheContainersEnd_AsksItForNoListeners()
    {
        using var log = new RecordingLoggerFactory();
        ProgressTracker tracker;
        using (var provider = Provider(s => s.AddSingleton<Microsoft.Extensions.Logging.ILoggerFactory>(log)))
        {
            tracker = provider.GetRequiredService<ProgressTracker>();
        }

        tracker.StartWorkflow("late").Complete();
        Assert.Empty(log.Of("progress.tracker.ignored"));
    }

    private static ServiceProvider Provider(Action<IServiceCollection> configure)
    {
        var services = new ServiceCollection().AddProgressTracking();
        configure(services);
        return services.BuildServiceProvider();
    }

    private static void AddAll(IServiceCollection services, IServiceCollection added)
    {
        foreach (var service in added)
        {
            services.Add(service);
        }
    }

    private sealed class Asking(ProgressTracker tracker) : ProgressListener
    {
        public List<(string Workflow, int Active)> Started { get; } = [];

        public override void OnRunStarted(WorkflowRun run) => Started.Add((run.Workflow, tracker.GetActive().Count));
    }
}
