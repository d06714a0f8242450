using System.Globalization;
using ProgressTelemetry.Demo.Replay;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.Demo.Tests.Replay;

public sealed class ReplaySessionTests
{
    /// <summary>Two stages side by side, then a third; ten seconds in all.</summary>
    private const string Small = """
        t,event,task,stage,parents
        1,start,a1,fetch,
        2,complete,a1,fetch,
        2,start,a2,fetch,
        2,start,b1,index,a1
        4,complete,b1,index,
        5,complete,a2,fetch,
        5,start,b2,index,a2
        9,complete,b2,index,
        9,start,c1,report,b1 b2
        10,complete,c1,report,

        """;

    public static TheoryData<string> Traces =>
    [
        .. from name in (string[])["blast-chameleon-large-001", "blast-chameleon-large-002", "montage-chameleon-dss-05d-001", "rnaseq-dirt02-001", "soykb-chameleon-10fastq-10ch-001", "soykb-chameleon-20fastq-10ch-001"]
           from world in (string[])["raw", "workers"]
           select $"{name}.{world}.csv",
    ];

    [Fact]
    public async Task ReplayAsync_SmallTrace_EndsWithTheTracesCountsAndTimes()
    {
        var (status, predictions) = await ReplayAsync(Read(Small));

        Assert.Equal((WorkflowState.Succeeded, 5L, 5L), (status.State, status.CompletedTasks, status.ExpectedTasks));
        Assert.Equal(TimeSpan.FromSeconds(10), status.Elapsed);
        Assert.Equal([("fetch", 2L), ("index", 2L), ("report", 1L)], status.Stages.Select(s => (s.Name, s.CompletedTasks)));
        Assert.Equal([1, 2, 9], status.Stages.Select(s => (s.StartedAt!.Value - status.StartedAt).TotalSeconds));
        Assert.Equal([5, 9, 10], status.Stages.Select(s => (s.EndedAt!.Value - status.StartedAt).TotalSeconds));
        Assert.Equal(Prediction.Shares, predictions.Select(p => p.Share));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9], predictions.Select(p => Math.Round(p.Seconds, 9)));
        Assert.All(predictions, p =>
        {
            Assert.InRange(p.Expected!.Value, p.Seconds, double.MaxValue);
            Assert.InRange(p.Expected.Value, p.Low!.Value, p.High!.Value);
        });
    }

    [Fact]
    public async Task ReplayAsync_AtACheckpoint_ItsMomentsEventsHaveHappened()
    {
        var completed = new List<long>();
        var clock = new ReplayClock(DateTimeOffset.UnixEpoch);
        using var tracker = new ProgressTracker(timeProvider: clock);
        var trace = Read(Small);
        var run = tracker.StartWorkflow("small", TraceReplay.Plan(trace));

        await TraceReplay.RunAsync(
            trace,
            run,
            new ReplayPacing(clock, TimeProvider.System, speed: null),
            (_, seconds) =>
            {
                Assert.Equal(seconds, clock.Elapsed.TotalSeconds, 7);
                completed.Add(run.GetStatus().CompletedTasks);
            },
            CancellationToken.None);

        Assert.Equal([0, 1, 1, 2, 3, 3, 3, 3, 4], completed);
    }

    [Fact]
    public async Task ReplayAsync_WithHistory_PredictsWhatTheEarlierRunShowed()
    {
        var (status, cold) = await ReplayAsync(Read(Small));
        var (_, learned) = await ReplayAsync(Read(Small), Read(Small));

        double Error(IReadOnlyList<Prediction> predictions) => predictions.Average(p => Math.Abs(p.Expected!.Value - 10));
        Assert.True(Error(learned) < Error(cold), $"{Error(learned)} with history, {Error(cold)} without");
        Assert.Equal(5, status.CompletedTasks);
    }

    [Fact]
    public async Task ReplayAsync_RecordingEndsEarly_LeavesTheRunWithoutResult()
    {
        var (status, predictions) = await ReplayAsync(Read("t,event,task,stage,parents\n0,start,a,s,\n1,complete,a,s,\n2,start,b,s,\n"));

        Assert.Equal((WorkflowState.Abandoned, 9), (status.State, predictions.Count));
        Assert.Equal(2, status.ExpectedTasks);
    }

    [Fact]
    public async Task ReplayAsync_EverythingAtOneMoment_IsNoTrouble()
    {
        var (status, predictions) = await ReplayAsync(Read("t,event,task,stage,parents\n0,start,a,s,\n0,complete,a,s,\n"));

        Assert.Equal((WorkflowState.Succeeded, 1L), (status.State, status.CompletedTasks));
        Assert.All(predictions, p => Assert.Equal(0, p.Seconds));
    }

    [Fact]
    public async Task ReplayAsync_Cancelled_EndsTheRunAsCancelled()
    {
        var session = new ReplaySession(Read(Small), [], workflow: null, speed: 1);
        using var tracker = new ProgressTracker(timeProvider: session.Clock);
        var run = session.Start(tracker);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.ReplayAsync(run, new CancellationToken(canceled: true)));

        Assert.Equal(WorkflowState.Cancelled, run.GetStatus().State);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a,\"b\"", "\"a,\"\"b\"\"\"")]
    public void ToCsv_Prediction_HasSixDecimalsOrMoreAndQuotesNames(string stage, string field)
    {
        Assert.Equal($"0.3,1.5000000,2.2500000,,,{field}", new Prediction(.3, 1.5, 2.25, null, null, stage).ToCsv());
    }

    [RealPartTheory("shared/eta")]
    [MemberData(nameof(Traces))]
    public async Task ReplayAsync_RecordedTrace_EndsWithTheTracesCounts(string file)
    {
        var trace = TraceReader.ReadFile(Path.Combine(RealParts.SharedFolder, "eta", "traces", file));

        var (status, predictions) = await ReplayAsync(trace);

        Assert.Equal((WorkflowState.Succeeded, trace.CompletedTasks, trace.StartedTasks), (status.State, status.CompletedTasks, status.ExpectedTasks));
        Assert.Equal(trace.Duration, status.Elapsed.TotalSeconds, 6);
        var tasksByStage = trace.Events.Where(e => e.Kind == TraceEventKind.Complete).GroupBy(e => e.Stage, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.LongCount(), StringComparer.Ordinal);
        Assert.Equal(tasksByStage, status.Stages.ToDictionary(s => s.Name, s => s.CompletedTasks, StringComparer.Ordinal));
        Assert.All(predictions, p => Assert.NotNull(p.Expected));
    }

    [RealPartTheory("shared/eta")]
    [MemberData(nameof(Traces))]
    public async Task ReplayAsync_RecordedTrace_PredictsAsTheReferenceDoes(string file)
    {
        var folder = Path.Combine(RealParts.SharedFolder, "eta");
        var rows = (await File.ReadAllLinesAsync(Path.Combine(folder, "method2", "expected.csv"))).Skip(1).Select(line => line.Split(',')).Where(row => row[0] == file);
        foreach (var reference in rows.GroupBy(row => row[1], StringComparer.Ordinal))
        {
            var history = reference.Key.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(h => TraceReader.ReadFile(Path.Combine(folder, "traces", h))).ToArray();

            var (_, predictions) = await ReplayAsync(TraceReader.ReadFile(Path.Combine(folder, "traces", file)), history);

            foreach (var (row, prediction) in reference.Zip(predictions))
            {
                AssertClose(row[7], prediction.Expected, prediction);
                AssertClose(row[8], prediction.Low, prediction);
                AssertClose(row[9], prediction.High, prediction);
            }
        }
    }

    private static void AssertClose(string expected, double? actual, Prediction prediction)
    {
        var number = double.Parse(expected, CultureInfo.InvariantCulture);
        Assert.True(Math.Abs(actual!.Value - number) <= (1e-6 * number) + 1e-6, $"{actual} is not {number}, at {prediction.Share}");
    }

    private static Trace Read(string text) => TraceReader.Read("small.csv", new StringReader(text));

    private static async Task<(WorkflowStatus Status, IReadOnlyList<Prediction> Predictions)> ReplayAsync(Trace trace, params Trace[] history)
    {
        var session = new ReplaySession(trace, history, workflow: null, speed: null);
        var memory = await session.LearnAsync(CancellationToken.None);
        using var tracker = new ProgressTracker(session.Configure(new ProgressTrackingOptions()), session.Clock, history: memory);
        var run = session.Start(tracker);
        await session.ReplayAsync(run, CancellationToken.None);
        return (run.GetStatus(), session.Predictions);
    }
}
