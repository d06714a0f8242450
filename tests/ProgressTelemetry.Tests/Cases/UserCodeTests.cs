using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ProgressTelemetry.Signals;
using ProgressTelemetry.Tests.Support;

namespace ProgressTelemetry.Tests.Cases;

/// <summary>
/// Nothing of the user's runs under a lock of the tracker's: each callback here waits for a second thread that calls every verb of the same run, as a lock shared by the two would make it wait. With a lock of ours held, neither would ever
/// go on.
/// </summary>
[Collection(ProcessWideCollection.Name)]
public sealed class UserCodeTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static TheoryData<string> Callbacks => ["sampler", "span started", "span stopped", "measurement", "logger", "listener", "history read", "history written", "listener made", "retried"];

    [Theory]
    [MemberData(nameof(Callbacks))]
    public async Task Callback_WhileAnotherThreadCallsEveryVerb_HoldsNoLock(string which)
    {
        using var world = new World(which);
        await world.RunAsync().WaitAsync(Limit);
        Assert.True(world.Called, $"{which} was never called");
        Assert.Empty(world.Stuck);
    }

    private sealed class World : IDisposable
    {
        private readonly string _which;
        private readonly ActivityListener _spans;
        private readonly MeterListener _meters = new();
        private readonly ServiceProvider _services;
        private readonly ProgressTracker _tracker;
        private readonly AsyncLocal<bool> _isMine = new();
        private volatile WorkflowRun? _run;
        private volatile WorkflowStage? _stage;

        public World(string which)
        {
            _which = which;
            _spans = new ActivityListener
            {
                ShouldListenTo = source => source.Name == SignalNames.Source,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) =>
                {
                    CallBack("sampler");
                    return ActivitySamplingResult.AllDataAndRecorded;
                },
                ActivityStarted = _ => CallBack("span started"),
                ActivityStopped = _ => CallBack("span stopped"),
            };
            ActivitySource.AddActivityListener(_spans);
            _services = new ServiceCollection()
                .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new Logs(this)))
                .AddSingleton<IRunHistory>(new History(this))
                .AddSingleton<ProgressListener>(_ =>
                {
                    CallBack("listener made");
                    return new Listener(this);
                })
                .AddProgressTracking(o => o.MinShownRunAge = TimeSpan.Zero)
                .BuildServiceProvider();
            _tracker = _services.GetRequiredService<ProgressTracker>();
            _meters.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name.StartsWith("ProgressTelemetry", StringComparison.Ordinal))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _meters.SetMeasurementEventCallback<double>((_, _, _, _) => CallBack("measurement"));
            _meters.SetMeasurementEventCallback<long>((_, _, _, _) => CallBack("measurement"));
            _meters.Start();
        }

        public bool Called { get; private set; }

        public List<string> Stuck { get; } = [];

        public async Task RunAsync()
        {
            _isMine.Value = true;
            for (var round = 0; round < 2; round++)
            {
                try
                {
                    await _tracker.RunAsync("w", async (run, ct) =>
                    {
                        _run = run;
                        await run.StageAsync("s", (stage, _) =>
                        {
                            _stage = stage;
                            stage.StartTask("t").Complete();
                            stage.CompleteTask();
                            stage.RecordRevision("again");
                            using (stage.Wait("approval"))
                            {
                            }

                            return Task.CompletedTask;
                        }, 3, ct);
                        throw new InvalidOperationException("x");
                    }, new() { Milestones = Milestone.Quarters, WillBeRetried = _ => { CallBack("retried"); return false; } });
                }
                catch (InvalidOperationException)
                {
                }

                _run = _tracker.StartWorkflow("w", new() { Stages = [new("s", 1)] });
                _stage = _run.StartStage("s");
                _stage.CompleteTask();
                _run.Complete();
            }

            _meters.RecordObservableInstruments();
            await _tracker.DrainAsync();
        }

        public void Dispose()
        {
            _meters.Dispose();
            _services.Dispose();
            _spans.Dispose();
        }

        private void CallBack(string which)
        {
            // Not from the second thread's own calls, which make callbacks too.
            if (which != _which || t_isOther)
            {
                return;
            }

            Called = true;
            var other = new Thread(EveryVerb) { IsBackground = true };
            other.Start();
            if (!other.Join(TimeSpan.FromSeconds(10)))
            {
                lock (Stuck)
                {
                    Stuck.Add(which);
                }
            }
        }

        [ThreadStatic]
        private static bool t_isOther;

        private void EveryVerb()
        {
            t_isOther = true;
            _tracker.GetActive();
            if (_run is not { } run || _stage is not { } stage)
            {
                return;
            }

            stage.CompleteTask();
            stage.StartTask("other").Fail();
            stage.UpdateTask("third", WorkflowTaskState.Running, .1);
            stage.AsProgress().Report(.1);
            stage.ExpectTasks(20);
            stage.RecordItems("k");
            run.StartStage("other").Complete();
            run.UpdateTask("u", WorkflowTaskState.Completed);
            run.Plan(new PlannedStage("later"));
            run.GetStatus();
            run.GetReport();
            _tracker.GetStatus(run.Id);
            _tracker.Subscribe(new Silent()).Dispose();
        }

        private sealed class Silent : ProgressListener;

        private sealed class Listener(World world) : ProgressListener
        {
            public override void OnRunStarted(WorkflowRun run) => world.CallBack("listener");

            public override void OnStageEnded(WorkflowStage stage, WorkflowResult result) => world.CallBack("listener");
        }

        private sealed class History(World world) : IRunHistory
        {
            public ImmutableArray<RunProfile> GetProfiles(string workflow)
            {
                world.CallBack("history read");
                return [];
            }

            public void Add(string workflow, RunProfile profile) => world.CallBack("history written");
        }

        private sealed class Logs(World world) : ILoggerProvider, ILogger
        {
            public ILogger CreateLogger(string categoryName) => this;

            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => world.CallBack("logger");

            public void Dispose()
            {
            }
        }
    }
}
