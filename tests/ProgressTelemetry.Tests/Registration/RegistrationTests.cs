using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using ProgressTelemetry.Tests.Support;
using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.Tests.Registration;

/// <summary>Every form of registration, through real providers.</summary>
[Collection(ProcessWideCollection.Name)]
public sealed class RegistrationTests
{
    private readonly List<Metric> _exported = [];
    private readonly List<Activity> _spans = [];

    public static TheoryData<string> Forms => new() { { "builder" }, { "services" }, { "meters" }, { "tracers" }, { "all" }, { "twice" } };

    private Scrape Points => new(_exported);

    [Theory]
    [MemberData(nameof(Forms))]
    public void AddProgressTracking_InEachForm_PublishesOnce(string form)
    {
        using var host = new TestHost(builder =>
        {
            builder.WithMetrics(m => m.AddInMemoryExporter(_exported)).WithTracing(t => t.AddInMemoryExporter(_spans));
            Register(builder, form);
        });
        Work(host.Tracker, 3);
        host.Collect();

        Assert.Equal(form == "tracers" ? 0 : 3, Points.Sum("workflow.stage.tasks"));
        Assert.Equal(form == "tracers" ? 0 : 1, Points.Sum("workflow.run.duration"));
        Assert.Equal(form == "meters" ? 0 : 3, _spans.Count);
        Assert.All(Points.All, p => Assert.Empty(p.MeterTags));
        Assert.Single(host.Provider.GetServices<IHostedService>(), s => s.GetType().Assembly == typeof(ProgressTracker).Assembly);
        Assert.Single(host.Provider.GetServices<ProgressTracker>());
    }

    [Fact]
    public void AddProgressTracking_BeforeTheFirstRun_PublishesTheHeartbeat()
    {
        using var host = new TestHost(b => b.AddProgressTracking().WithMetrics(m => m.AddInMemoryExporter(_exported)));
        host.Collect();
        Assert.Single(Points.All, p => p.Name == "progress.tracker.heartbeat.timestamp");
    }

    [Fact]
    public void AddProgressTracking_InAChain_KeepsTheBuildersType()
    {
        using var host = new TestHost(b =>
        {
            TestHost.Builder same = b.AddProgressTracking().AddSomethingElse().Official().AddProgressTracking();
            Assert.Same(b, same);
        });
        Assert.NotNull(host.Tracker);
    }

    [Fact]
    public void AddProgressTracking_WithoutProviders_StillTracks()
    {
        using var host = new TestHost(b => b.Services.AddProgressTracking());
        Work(host.Tracker, 2);
        Assert.Equal(2, Assert.Single(host.Tracker.GetRecentlyEnded()).CompletedTasks);
    }

    [Fact]
    public void AddProgressTracking_BesideTheUsersView_LeavesTheViewItsSay()
    {
        using var host = new TestHost(b => b.AddProgressTracking().WithMetrics(m => m
            .AddView("workflow.stage.tasks", new MetricStreamConfiguration { TagKeys = ["workflow.name"] })
            .AddView("workflow.run.duration", MetricStreamConfiguration.Drop)
            .AddView("workflow.stage.duration", new ExplicitBucketHistogramConfiguration { Boundaries = [1, 2] })
            .AddInMemoryExporter(_exported)));
        Work(host.Tracker, 3);
        host.Collect();
        Assert.DoesNotContain(Points.All, p => p.Name == "workflow.run.duration");
        Assert.All(Points.All.Where(p => p.Name == "workflow.stage.tasks"), p => Assert.Equal(["workflow.name"], p.Labels.Keys));
        Assert.Equal(1, Points.Sum("workflow.stage.duration"));
    }

    [Fact]
    public void AddProgressTracking_WithTheSdkDisabled_TracksUnseen()
    {
        using var host = new TestHost(b =>
        {
            b.Services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection([new("OTEL_SDK_DISABLED", "true")]).Build());
            b.AddProgressTracking().WithMetrics(m => m.AddInMemoryExporter(_exported)).WithTracing(t => t.AddInMemoryExporter(_spans));
        });
        Work(host.Tracker, 2);
        host.Collect();
        Assert.Empty(_exported);
        Assert.Empty(_spans);
        Assert.Equal(2, Assert.Single(host.Tracker.GetRecentlyEnded()).CompletedTasks);
    }

    [Fact]
    public void AddProgressTracking_InTwoHosts_TellsTheirSeriesApart()
    {
        using var first = new TestHost(b => b.AddProgressTracking());
        using var second = new TestHost(b => b.AddProgressTracking().WithMetrics(m => m.AddInMemoryExporter(_exported)));
        Work(first.Tracker, 3);
        Work(second.Tracker, 4);
        second.Collect();

        // A provider hears all meters of a name in its process, so it tells of both: apart, and right in sum.
        var tasks = Points.All.Where(p => p.Name == "workflow.stage.tasks" && p.Value > 0).ToArray();
        Assert.Equal([3, 4], tasks.Select(p => p.Value).Order());
        Assert.Equal(["2"], tasks.SelectMany(p => p.MeterTags).Select(t => t.Value));
        Assert.All(tasks.SelectMany(p => p.MeterTags), t => Assert.Equal("progress.tracker.instance", t.Key));
    }

    [Fact]
    public void AddProgressTracking_InOneHostAfterAnother_NeedsNoTellingApart()
    {
        using (var first = new TestHost(b => b.AddProgressTracking()))
        {
            Work(first.Tracker, 3);
        }

        using var second = new TestHost(b => b.AddProgressTracking().WithMetrics(m => m.AddInMemoryExporter(_exported)));
        Work(second.Tracker, 4);
        second.Collect();
        Assert.Equal(4, Points.Sum("workflow.stage.tasks"));
        Assert.All(Points.All, p => Assert.Empty(p.MeterTags));
    }

    [Fact]
    public void Dispose_OfTheHost_CollectsTheLastWord()
    {
        using (var host = new TestHost(b => b.AddProgressTracking().WithMetrics(m => m.AddInMemoryExporter(_exported))))
        {
            Work(host.Tracker, 5);
        }

        Assert.Single(_exported, m => m.Name == "workflow.stage.tasks");
        Assert.Equal(5, Points.Sum("workflow.stage.tasks"));
        Assert.Equal(1, Points.Sum("workflow.run.duration"));
    }

    [Fact]
    public void Dispose_OfAHostWhoseProviderWasAskedForFirst_CollectsTheLastWord()
    {
        // As a scrape endpoint does while the app is being built, before there are hosted services.
        using (var host = new TestHost(b => b.AddProgressTracking().WithMetrics(m => m.AddInMemoryExporter(_exported)), provider => provider.GetRequiredService<MeterProvider>()))
        {
            Work(host.Tracker, 5);
        }

        Assert.Equal(5, Points.Sum("workflow.stage.tasks"));
    }

    [Theory]
    [InlineData("builder")]
    [InlineData("services")]
    [InlineData("meters")]
    [InlineData("all")]
    [InlineData("twice")]
    public void Dispose_OfAContainerWithoutAHost_CollectsTheLastWord(string form)
    {
        var services = Configured();
        Register(new TestHost.Builder(services).WithMetrics(m => m.AddInMemoryExporter(_exported)), form);
        using (var provider = services.BuildServiceProvider())
        {
            _ = provider.GetRequiredService<MeterProvider>();
            Work(provider.GetRequiredService<ProgressTracker>(), 5);
        }

        Assert.Single(_exported, m => m.Name == "workflow.stage.tasks");
        Assert.Equal(5, Points.Sum("workflow.stage.tasks"));
        Assert.Equal(1, Points.Sum("workflow.run.duration"));
    }

    [Fact]
    public void Dispose_OfAContainersTracker_LeavesItsEndToTheContainer()
    {
        var services = Configured();
        new TestHost.Builder(services).AddProgressTracking().WithMetrics(m => m.AddInMemoryExporter(_exported));
        using (var provider = services.BuildServiceProvider())
        {
            var meters = provider.GetRequiredService<MeterProvider>();
            var tracker = provider.GetRequiredService<ProgressTracker>();
            tracker.Dispose();
            Work(tracker, 2);
            meters.ForceFlush();
            Assert.Equal(2, Points.Sum("workflow.stage.tasks"));
        }

        // It has ended: the next one is the first again.
        _exported.Clear();
        using var next = new ProgressTracker();
        using var probe = Sdk.CreateMeterProviderBuilder().AddProgressTracking().AddInMemoryExporter(_exported).Build();
        probe.ForceFlush();
        Assert.All(Points.All, p => Assert.Empty(p.MeterTags));
        Assert.Single(Points.All, p => p.Name == "progress.tracker.heartbeat.timestamp");
    }

    [Theory]
    [InlineData("made beside it")]
    [InlineData("given to it")]
    public void Create_OfTheSdk_PublishesTheUsersTracker(string tracker)
    {
        using var given = tracker == "given to it" ? new ProgressTracker() : null;
        using var sdk = OpenTelemetrySdk.Create(b =>
        {
            _ = given is not null ? b.Services.AddSingleton(given) : b.Services;
            b.AddProgressTracking().WithMetrics(m => m.AddInMemoryExporter(_exported)).WithTracing(t => t.AddInMemoryExporter(_spans));
        });
        using var beside = given is null ? new ProgressTracker() : null;
        Work(given ?? beside!, 3);
        sdk.MeterProvider.ForceFlush();

        Assert.Equal(3, Points.Sum("workflow.stage.tasks"));
        Assert.Single(Points.All, p => p.Name == "progress.tracker.heartbeat.timestamp");
        Assert.All(Points.All, p => Assert.Empty(p.MeterTags));
        Assert.Equal(3, _spans.Count);
    }

    [Fact]
    public void AddProgressTracking_TakesListenersClockHistoryAndOptionsFromTheServices()
    {
        var listener = new RecordingListener();
        var clock = new ManualTimeProvider();
        var history = new KeptHistory();
        using var host = new TestHost(b =>
        {
            b.Services.AddSingleton<ProgressListener>(listener).AddSingleton<TimeProvider>(clock).AddSingleton<IRunHistory>(history);
            b.AddProgressTracking(o => o.StallTimeout = TimeSpan.FromSeconds(7));
            b.AddProgressTracking(o => o.MinShownRunAge = TimeSpan.Zero);
        });
        listener.Tracker = host.Tracker;
        using var stalls = host.Tracker.StartWorkflow("stalls");
        clock.Advance(TimeSpan.FromSeconds(8));
        Work(host.Tracker, 1);
        Assert.Equal(1, listener.Count("stalled"));
        Assert.Equal(["w"], history.Added);
        Assert.Equal(TimeSpan.Zero, host.Tracker.Options.MinShownRunAge);
    }

    [Fact]
    public void Sdk_WithoutAContainer_PublishesATrackerOfItsOwn()
    {
        using var meters = Sdk.CreateMeterProviderBuilder().AddProgressTracking().AddInMemoryExporter(_exported).Build();
        using var traces = Sdk.CreateTracerProviderBuilder().AddProgressTracking().AddInMemoryExporter(_spans).Build();
        using var tracker = new ProgressTracker();
        Work(tracker, 3);
        meters.ForceFlush();
        Assert.Equal(3, Points.Sum("workflow.stage.tasks"));
        Assert.All(Points.All, p => Assert.Empty(p.MeterTags));
        Assert.Equal(3, _spans.Count);
    }

    [Fact]
    public void Constructor_WithFlowSuppressed_Works()
    {
        using var _ = ExecutionContext.SuppressFlow();
        new ProgressTracker().Dispose();
    }

    [Fact]
    public void AddProgressTracking_OfNull_IsRefused()
    {
        Assert.Throws<ArgumentNullException>(() => ((IServiceCollection)null!).AddProgressTracking());
        Assert.Throws<ArgumentNullException>(() => ((MeterProviderBuilder)null!).AddProgressTracking());
        Assert.Throws<ArgumentNullException>(() => ((TracerProviderBuilder)null!).AddProgressTracking());
        Assert.Throws<ArgumentNullException>(() => ((TestHost.Builder)null!).AddProgressTracking());
    }

    // A container without a host; the SDK asks for a configuration, which the hosting package would add.
    private static ServiceCollection Configured()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        return services;
    }

    private static void Register(IOpenTelemetryBuilder builder, string form)
    {
        for (var i = 0; i < (form == "twice" ? 2 : 1); i++)
        {
            _ = form is "builder" or "all" or "twice" ? builder.AddProgressTracking() : builder;
            _ = form is "services" or "all" or "twice" ? builder.Services.AddProgressTracking() : builder.Services;
            _ = form is "meters" or "all" or "twice" ? builder.WithMetrics(m => m.AddProgressTracking()) : builder;
            _ = form is "tracers" or "all" or "twice" ? builder.WithTracing(t => t.AddProgressTracking()) : builder;
        }
    }

    private static void Work(ProgressTracker tracker, int tasks)
    {
        var run = tracker.StartWorkflow("w");
        var stage = run.StartStage("s", tasks);
        stage.CompleteTasks(tasks);
        stage.Complete();
        run.Complete();
    }

    private sealed class KeptHistory : IRunHistory
    {
        public List<string> Added { get; } = [];

        public System.Collections.Immutable.ImmutableArray<RunProfile> GetProfiles(string workflow) => [];

        public void Add(string workflow, RunProfile profile) => Added.Add(workflow);
    }
}
