using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Trace;
using ProgressTelemetry.Tests.Support;

namespace ProgressTelemetry.Tests.Registration;

public class AdapterTests
{
    [Fact]
    public void GetAdapter_OfATypeThatIsThere_IsThatOne()
    {
        var options = new ProgressTrackingOptions();

        Assert.Same(options.GetAdapter<Adapter>(), options.GetAdapter<Adapter>());
    }

    [Fact]
    public void Adapter_OfATracker_LivesAsLongAsTheTracker()
    {
        var options = new ProgressTrackingOptions();
        var adapter = options.GetAdapter<Adapter>();
        var tracker = new ProgressTracker(options);
        Assert.Same(tracker, adapter.Tracker);

        tracker.Dispose();

        Assert.Null(adapter.Tracker);
    }

    [Fact]
    public void Adapter_OfAHost_StartsWithItAndHasItsSourcesExported()
    {
        var exported = new List<Activity>();
        using var source = new ActivitySource("Test.Adapter");
        var host = new TestHost(builder =>
        {
            builder.AddProgressTracking(options => options.GetAdapter<Adapter>().Sources = ["Test.Adapter"]);
            builder.WithTracing(traces => traces.AddInMemoryExporter(exported));
        });
        var tracker = host.Tracker;
        Assert.Same(tracker, tracker.Options.GetAdapter<Adapter>().Tracker);
        source.StartActivity("span")?.Dispose();

        host.Dispose();

        // The library's own source is one for all of a process: tests beside this one are heard on it too.
        Assert.Equal("span", Assert.Single(exported, span => span.Source.Name == source.Name).OperationName);
        Assert.Null(tracker.Options.GetAdapter<Adapter>().Tracker);
    }

    [Fact]
    public void AdapterThatThrows_IsCounted_AndHoldsUpNobody()
    {
        using var fixture = new TrackerFixture(options => options.GetAdapter<Thrower>());
        fixture.Tracker.StartAdapters();

        fixture.Tracker.StartWorkflow("w").Complete();

        Assert.Equal(1, fixture.Errors("adapter_failed"));
    }

    private sealed class Adapter : IProgressAdapter
    {
        public IReadOnlyCollection<string> Sources { get; set; } = [];

        public ProgressTracker? Tracker { get; private set; }

        public IDisposable Start(ProgressTracker tracker, Action<string, Exception> failed)
        {
            Tracker = tracker;
            return new End(this);
        }

        private sealed class End(Adapter adapter) : IDisposable
        {
            public void Dispose() => adapter.Tracker = null;
        }
    }

    private sealed class Thrower : IProgressAdapter
    {
        public IReadOnlyCollection<string> Sources => [];

        public IDisposable Start(ProgressTracker tracker, Action<string, Exception> failed) => throw new InvalidOperationException("boom");
    }
}
