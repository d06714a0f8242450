using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using ProgressTelemetry.Hangfire;

namespace ProgressTelemetry.NativeEngines.Tests.Hangfire;

/// <summary>One of the processes that share a storage: it has a tracker, a filter and a server of its own.</summary>
internal sealed class HangfireProcess : IDisposable
{
    private readonly ProgressJobFilter _filter;
    private readonly BackgroundJobServer _server;

    public HangfireProcess(JobStorage storage, string queue = EnqueuedState.DefaultQueue)
    {
        _filter = new ProgressJobFilter(Engine.Tracker);
        Filters.Add(_filter);
        Filters.Add(new ContinuationsSupportAttribute([FailedState.StateName, DeletedState.StateName, SucceededState.StateName], new BackgroundJobStateChanger(Filters)));
        var options = HangfireFixture.Options(Filters);
        options.Queues = [queue];
        _server = new BackgroundJobServer(options, storage);
    }

    public EngineFixture Engine { get; } = new();

    public JobFilterCollection Filters { get; } = [];

    public void Dispose()
    {
        _server.Dispose();
        _filter.Dispose();
        Engine.Dispose();
    }
}
