using ProgressTelemetry.Tests.Support;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.Tests.Tracking;

public sealed class RunReaderTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly ProgressTracker _tracker;

    public RunReaderTests() => _tracker = new ProgressTracker(timeProvider: _clock);

    public void Dispose() => _tracker.Dispose();

    [Fact]
    public void List_RunsOfEachKind_ComeInTheOrderThatIsPromised()
    {
        var soon = _clock.GetUtcNow().AddSeconds(30);
        var first = Start("ended-first");
        var last = Start("ended-last");
        Start("old");
        Start("late", deadline: soon);
        Start("stalled", stall: 60);
        Start("stalled-and-late", stall: 60, deadline: soon);
        Start("late-too", deadline: soon);
        first.Complete();
        _clock.Advance(TimeSpan.FromSeconds(1));
        last.Fail("Refused");
        Start("young");
        _clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal("stalled-and-late stalled late late-too old young ended-last ended-first", Ids(new RunQuery()));
    }

    [Fact]
    public void List_PageByPage_IsTheWholeListOnce()
    {
        for (var i = 0; i < 103; i++)
        {
            var run = Start($"{i:D3}");
            if (i % 10 == 0)
            {
                run.Complete();
            }
        }

        var pages = Enumerable.Range(0, 12).Select(page => _tracker.List(new RunQuery { Skip = page * 10, Take = 10 })).ToList();

        Assert.All(pages, page => Assert.Equal((103, 92), (page.Total, page.Active)));
        Assert.Equal([10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 3, 0], pages.Select(page => page.Runs.Count));
        Assert.Equal(103, pages.SelectMany(page => page.Runs).Select(run => run.RunId).Distinct().Count());
        Assert.Equal(_tracker.List(new RunQuery { Take = 500 }).Runs.Select(run => run.RunId), pages.SelectMany(page => page.Runs).Select(run => run.RunId));
    }

    [Fact]
    public void List_TextOfAStage_FindsItWhileItRuns()
    {
        var stage = Start("a").StartStage("Transcode");
        Start("b");

        Assert.Equal("a", Ids(new RunQuery { Text = "trans" }));
        stage.Complete();
        Assert.Equal("", Ids(new RunQuery { Text = "trans" }));
        Assert.Equal("a b", Ids(new RunQuery { Text = "" }));
    }

    [Fact]
    public void List_Since_IsOfTheStartOrTheEnd()
    {
        var old = Start("old");
        Start("older");
        _clock.Advance(TimeSpan.FromMinutes(5));
        var since = _clock.GetUtcNow();
        Start("new");
        old.Complete();

        Assert.Equal("new old", Ids(new RunQuery { Since = since }));
        Assert.Equal("", Ids(new RunQuery { Since = since.AddTicks(1) }));
    }

    [Fact]
    public void List_WithoutTheEnded_CountsThemNowhere()
    {
        Start("a");
        Start("b").Complete();

        var page = _tracker.List(new RunQuery { IncludeEnded = false });

        Assert.Equal((1, 1, "a"), (page.Total, page.Active, Assert.Single(page.Runs).RunId));
        Assert.Equal(_clock.GetUtcNow(), page.AsOf);
    }

    [Fact]
    public void List_States_AreThoseAskedFor()
    {
        Start("running");
        _ = Start("waiting").StartStage("approve").Wait("approval");
        Start("failed").Fail("Refused");

        Assert.Equal("waiting failed", Ids(new RunQuery { States = [WorkflowState.Failed, WorkflowState.Waiting] }));
        Assert.Equal("", Ids(new RunQuery { States = [] }));
    }

    [Fact]
    public void List_VeryManyWorkflows_NamesTheFirstTwoHundred()
    {
        for (var i = 999; i >= 0; i--)
        {
            _tracker.StartWorkflow($"w{i:D3}");
        }

        var page = _tracker.List(new RunQuery { Workflow = "w500", Take = 1 });

        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"w{i:D3}"), page.Workflows);
        Assert.Equal(1, page.Total);
    }

    [Fact]
    public void Reading_AStallThatIsDue_NoticesNothing()
    {
        var listener = new RecordingListener();
        using var subscription = _tracker.Subscribe(listener);
        Start("a", stall: 10.5);
        _clock.Advance(TimeSpan.FromSeconds(10));
        _clock.Advance(TimeSpan.FromSeconds(.9));
        _tracker.Drain();
        var before = listener.Heard.Count;

        Assert.Equal(WorkflowState.Running, _tracker.GetStatus("a")!.State);
        Assert.Equal(WorkflowState.Running, _tracker.GetReport("a")!.Status.State);
        Assert.Equal(WorkflowState.Running, Assert.Single(_tracker.List(new RunQuery()).Runs).State);

        _tracker.Drain();
        Assert.Equal(before, listener.Heard.Count);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(WorkflowState.Stalled, _tracker.GetStatus("a")!.State);
    }

    [Fact]
    public void LastHeartbeat_TimerTicksAndStops_SaysWhen()
    {
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(_tracker.UtcNow, _tracker.LastHeartbeat);

        _tracker.Dispose();
        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(_tracker.UtcNow - TimeSpan.FromSeconds(5), _tracker.LastHeartbeat);
    }

    [Fact]
    public void RunQuery_OutOfItsRange_IsRefusedAtTheCall()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RunQuery { Skip = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RunQuery { Take = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RunQuery { Take = RunQuery.MaxTake + 1 });
        Assert.Throws<ArgumentNullException>(() => _tracker.List(null!));
    }

    private WorkflowRun Start(string id, double stall = 86400, DateTimeOffset? deadline = null) =>
        _tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = id, StallTimeout = TimeSpan.FromSeconds(stall), Deadline = deadline });

    private string Ids(RunQuery query) => string.Join(' ', _tracker.List(query).Runs.Select(run => run.RunId));
}
