using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ProgressTelemetry.EnginesTests.NothingBreaks;

/// <summary>
/// An application whose user traces requests and HTTP calls, and in which an engine runs 100 jobs that each make such a call: half of them inside a request. Each job's traces have ids of the job's own, so that a sampler
/// decides the same of the same job in any application.
/// </summary>
internal sealed class EngineApp : IDisposable
{
    public const int Jobs = 100;

    private readonly ActivitySource _engine = new("Test.Engine");
    private readonly ActivitySource _user = new("Test.User");
    private readonly List<Activity> _exported = [];
    private readonly ConcurrentDictionary<ActivitySpanId, string> _names = new();
    private readonly IHost _host;
    private int _job;

    public EngineApp(Action<IOpenTelemetryBuilder>? track, Sampler? sampler, bool hasEngineSource)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        var telemetry = builder.Services.AddOpenTelemetry();
        track?.Invoke(telemetry);
        if (sampler is not null)
        {
            telemetry.WithTracing(traces =>
            {
                traces.AddSource("Test.User").SetSampler(sampler).AddInMemoryExporter(_exported);
                if (hasEngineSource)
                {
                    traces.AddSource("Test.Engine");
                }
            });
        }

        _host = builder.Build();
        _host.Start();
    }

    public ProgressTracker Tracker => _host.Services.GetRequiredService<ProgressTracker>();

    /// <summary>What is current for the user's code inside the engine.</summary>
    public string? CurrentInside { get; private set; }

    /// <summary>The jobs' exported spans, in order: <c>job, name, parent's name</c>.</summary>
    public IReadOnlyList<string> Run()
    {
        Activity.TraceIdGenerator = () => Of(_job);
        try
        {
            for (_job = 0; _job < Jobs; _job++)
            {
                using var request = _job % 2 == 0 ? null : Named(_user.StartActivity("request"));
                using (var span = Named(_engine.StartActivity("job", ActivityKind.Internal, parentContext: default, [KeyValuePair.Create<string, object?>("id", "run " + _job)])))
                {
                    CurrentInside = Activity.Current?.OperationName;
                    using (Named(_user.StartActivity("http", ActivityKind.Client)))
                    {
                    }
                }
            }
        }
        finally
        {
            Activity.TraceIdGenerator = null;
        }

        _host.Services.GetService<TracerProvider>()?.ForceFlush();
        return [.. _exported.Select(span => $"{Job(span)}, {span.OperationName}, {(span.ParentSpanId == default ? "none" : _names.GetValueOrDefault(span.ParentSpanId, "?"))}")];
    }

    public async Task StopAsync() => await _host.StopAsync();

    public ActivitySource Engine => _engine;

    public void Dispose()
    {
        _host.Dispose();
        _engine.Dispose();
        _user.Dispose();
    }

    private static int Job(Activity span) => Enumerable.Range(0, Jobs).First(job => Of(job) == span.TraceId);

    private Activity? Named(Activity? activity)
    {
        if (activity is not null)
        {
            _names[activity.SpanId] = activity.OperationName;
        }

        return activity;
    }

    private static ActivityTraceId Of(int job)
    {
        var bytes = new byte[16];
#pragma warning disable CA5394 // The same ids each time
        new Random(job + 1).NextBytes(bytes);
#pragma warning restore CA5394
        return ActivityTraceId.CreateFromBytes(bytes);
    }
}
