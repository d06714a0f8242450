using ProgressTelemetry.Tests.Support;
using ProgressTelemetry.Tests.Estimation;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.Tests.Tracking;

/// <summary>Stalls as listeners hear of them, on runs that went well and on runs that stood still.</summary>
public class StallThroughTrackerTests
{
    private static string RecordedFolder => Path.Combine(RealParts.SharedFolder, "eta/traces");

    private static string OwnFolder => Path.Combine(RealParts.RepositoryRoot, "tests/ProgressTelemetry.Tests/Estimation/traces");

    [RealPartFact("shared/eta")]
    public void CleanReplays_RecordedTraces_StallOnAtMostOne() => AssertStallsOnAtMostOne(RecordedFolder);

    [Fact]
    public void CleanReplays_OwnTraces_StallOnAtMostOne() => AssertStallsOnAtMostOne(OwnFolder);

    [RealPartFact("shared/eta")]
    public void FrozenRun_RecordedTraces_StallsOnceAndResumesOnce()
    {
        foreach (var path in Directory.GetFiles(RecordedFolder, "*.csv").Order(StringComparer.Ordinal))
        {
            AssertFreezeIsToldOnce(Trace.Read(path), Path.GetFileName(path));
        }
    }

    [Theory]
    [InlineData("catalog-a.csv")]
    [InlineData("release-b.csv")]
    public void FrozenRun_OwnTrace_StallsOnceAndResumesOnce(string name) => AssertFreezeIsToldOnce(Trace.Read(Path.Combine(OwnFolder, name)), name);

    private static void AssertStallsOnAtMostOne(string folder)
    {
        var stalled = new List<string>();
        foreach (var path in Directory.GetFiles(folder, "*.csv").Order(StringComparer.Ordinal))
        {
            var clock = new ManualTimeProvider();
            var heard = new StallListener();
            using var tracker = new ProgressTracker(timeProvider: clock, listeners: [heard]);
            new TracePlayer(clock, tracker).Play(Trace.Read(path), new WorkflowRunOptions());
            tracker.Drain();
            Assert.Equal(heard.Calls.Count(call => call == "stalled"), heard.Calls.Count(call => call == "resumed"));
            if (heard.Calls.Count > 0)
            {
                stalled.Add(Path.GetFileName(path));
            }
        }

        Assert.True(stalled.Count <= 1, string.Join(", ", stalled));
    }

    /// <summary>The run stands still at its middle for an hour more than its own limit, then goes on.</summary>
    private static void AssertFreezeIsToldOnce(Trace trace, string name)
    {
        var clock = new ManualTimeProvider();
        var heard = new StallListener();
        using var tracker = new ProgressTracker(timeProvider: clock, listeners: [heard]);
        var player = new TracePlayer(clock, tracker);
        var run = player.Start(trace, new WorkflowRunOptions());
        var middle = trace.Events.Count / 2;
        foreach (var e in trace.Events.Take(middle))
        {
            player.Play(run, e);
        }

        tracker.Drain();
        heard.Calls.Clear();
        var frozen = run.GetStatus().StallThreshold!.Value + TimeSpan.FromHours(1);
        clock.Advance(frozen);
        tracker.Drain();
        Assert.True(heard.Calls.SequenceEqual(["stalled"]), $"{name}: frozen: {string.Join(", ", heard.Calls)}");
        Assert.Equal(WorkflowState.Stalled, run.GetStatus().State);

        player.Play(run, trace.Events[middle]);
        foreach (var e in trace.Events.Skip(middle + 1))
        {
            player.Play(run, e with { T = e.T + frozen.TotalSeconds });
        }

        run.Complete();
        tracker.Drain();
        Assert.True(heard.Calls.SequenceEqual(["stalled", "resumed"]), $"{name}: {string.Join(", ", heard.Calls)}");
    }

    private sealed class StallListener : ProgressListener
    {
        public List<string> Calls { get; } = [];

        public override void OnStalled(WorkflowRun run, TimeSpan silence) => Calls.Add("stalled");

        public override void OnResumed(WorkflowRun run) => Calls.Add("resumed");
    }
}
