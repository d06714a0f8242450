using Hangfire;
using Hangfire.Common;
using Hangfire.InMemory;

namespace ProgressTelemetry.NativeEngines.Tests.Hangfire;

/// <summary>A storage in memory with a server, followed by the one line of set-up.</summary>
internal sealed class HangfireFixture : IDisposable
{
    private readonly BackgroundJobServer _server;
    private readonly List<object> _added;

    public HangfireFixture()
    {
        var before = GlobalJobFilters.Filters.Select(filter => filter.Instance).ToHashSet();
        GlobalConfiguration.Configuration.UseProgressTelemetry(Engine.Tracker);
        _added = [.. GlobalJobFilters.Filters.Select(filter => filter.Instance).Where(filter => !before.Contains(filter))];
        Client = new BackgroundJobClient(Storage);
        _server = new BackgroundJobServer(Options(), Storage);
    }

    public EngineFixture Engine { get; } = new();

    public InMemoryStorage Storage { get; } = new();

    public BackgroundJobClient Client { get; }

    public static BackgroundJobServerOptions Options(IJobFilterProvider? filters = null) => new()
    {
        WorkerCount = 4,
        SchedulePollingInterval = TimeSpan.FromMilliseconds(50),
        CancellationCheckInterval = TimeSpan.FromMilliseconds(50),
        FilterProvider = filters,
    };

    public void Dispose()
    {
        _server.Dispose();
        _added.ForEach(GlobalJobFilters.Filters.Remove);
        Storage.Dispose();
        Engine.Dispose();
    }
}
