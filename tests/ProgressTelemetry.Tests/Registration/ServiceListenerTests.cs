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
            using var run = provider.GetRequiredService<ProgressTracker>().StartWorkflow("w");
            Assert.Equal([("w", 1)], Assert.IsType<Asking>(provider.GetRequiredService<ProgressListener>()).Started);
        }).WaitAsync(Limit);
    }

    [Fact]
    public void Listener_WhoseConstructorStartsARun_HearsTheRunsAfterIt()
    {
        using var provider = Provider(s => s.AddSingleton<ProgressListener>(p =>
        {
            var listener = new RecordingListener();
            p.GetRequiredService<ProgressTracker>().StartWorkflow("of the constructor").StartStage("s");
            return listener;
        }));
        provider.GetRequiredService<ProgressTracker>().StartWorkflow("first");
        Assert.Equal(["run first started"], ((RecordingListener)provider.GetRequiredService<ProgressListener>()).Heard);
    }

    [Fact]
    public void Listener_WhileItIsMade_IsWaitedForByOtherRuns()
    {
        using var making = new ManualResetEventSlim();
        using var made = new ManualResetEventSlim();
        var listener = new RecordingListener();
        using var provider = Provider(s => s.AddSingleton<ProgressListener>(_ =>
        {
            making.Set();
            Assert.True(made.Wait(Limit));
            return listener;
        }));
        var tracker = provider.GetRequiredService<ProgressTracker>();
        var (first, second) = (new Thread(() => tracker.StartWorkflow("first")), new Thread(() => tracker.StartWorkflow("second")));
        first.Start();
        Assert.True(making.Wait(Limit));
        second.Start();
        Assert.True(SpinWait.SpinUntil(() => second.ThreadState.HasFlag(ThreadState.WaitSleepJoin), Limit));
        Assert.Empty(tracker.GetActive());
        made.Set();
        Assert.True(first.Join(Limit) && second.Join(Limit));
        Assert.Equal(["run first started", "run second started"], listener.Heard.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Listener_ThatSubscribedBefore_HearsAfterThoseOfTheServices()
    {
        var order = new List<string>();
        using var provider = Provider(s => s.AddSingleton<ProgressListener>(new RecordingListener { Reaction = _ => order.Add("service") }));
        var tracker = provider.GetRequiredService<ProgressTracker>();
        tracker.Subscribe(new RecordingListener { Reaction = _ => order.Add("subscriber") });
        tracker.StartWorkflow("w");
        Assert.Equal(["service", "subscriber"], order);
    }

    [Fact]
    public void Listener_ThatCannotBeMade_FailsNoRunAndIsTriedAgain()
    {
        var attempts = 0;
        var listener = new RecordingListener();
        using var log = new RecordingLoggerFactory();
        using var provider = Provider(s => s
            .AddSingleton<Microsoft.Extensions.Logging.ILoggerFactory>(log)
            .AddSingleton<ProgressListener>(_ => ++attempts < 3 ? throw new InvalidOperationException("not yet") : listener));
        var tracker = provider.GetRequiredService<ProgressTracker>();
        tracker.StartWorkflow("first");
        var second = tracker.StartWorkflow("second");
        tracker.StartWorkflow("third");
        second.Complete();
        Assert.Equal(["run third started", "run second ended Success"], listener.Heard);
        Assert.Single(log.Of("progress.tracker.ignored"));
        Assert.Equal(3, attempts);
    }

    [Fact]
    public void Listener_ThatCannotBeMade_FailsTheStartOfAHost() =>
        Assert.Throws<InvalidOperationException>(() => new TestHost(b => b.Services
            .AddProgressTracking()
            .AddSingleton<ProgressListener>(_ => throw new InvalidOperationException("misconfigured"))).Dispose());

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
