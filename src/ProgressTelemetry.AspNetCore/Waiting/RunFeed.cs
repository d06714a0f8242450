using Microsoft.Extensions.Logging;

namespace ProgressTelemetry.AspNetCore.Waiting;

/// <summary>The runs that somebody watches through a token right now: each is read once for all its readers, and none while nobody reads.</summary>
internal sealed partial class RunFeed(IRunReader reader, TimeProvider clock, ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ProgressScope, RunWatch> _watches = [];

    /// <summary>How many runs are watched.</summary>
    internal int Watched
    {
        get
        {
            lock (_gate)
            {
                return _watches.Count;
            }
        }
    }

    public RunWatch Join(ProgressScope scope)
    {
        lock (_gate)
        {
            if (!_watches.TryGetValue(scope, out var watch))
            {
                _watches.Add(scope, watch = new RunWatch(scope, reader, clock, LogFailed));
            }

            watch.Readers++;
            return watch;
        }
    }

    public void Leave(RunWatch watch)
    {
        lock (_gate)
        {
            if (--watch.Readers > 0)
            {
                return;
            }

            _watches.Remove(watch.Scope);
        }

        watch.Dispose();
    }

    [LoggerMessage(EventId = 3, EventName = "progress.live.failed", Level = LogLevel.Error, Message = "Reading a run for those who wait for it failed; it is tried again in a second.")]
    private partial void LogFailed(Exception error);
}
