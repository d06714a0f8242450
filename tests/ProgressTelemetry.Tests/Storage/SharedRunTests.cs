using ProgressTelemetry.Signals;
using ProgressTelemetry.Tests.Support;
using Xunit;

namespace ProgressTelemetry.Tests.Storage;

/// <summary>Two processes at one run: each sees all of it, and what is to be told is told once.</summary>
public sealed class SharedRunTests : IDisposable
{
    private readonly StoreFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task GetStatus_TwoAtWork_EachSeesTheWhole()
    {
        var (first, second, run, part) = await TwoAsync();
        run.StartStage("load", 1000).CompleteTasks(300);
        var load = part.StartStage("load");
        load.CompleteTasks(200);
        load.FailTasks(5);
        load.RecordItems("file", 7);
        await StoreFixture.SyncAsync(first, second);

        foreach (var status in new[] { first.GetStatus("job")!, second.GetStatus("job")!, run.GetStatus(), part.GetStatus(), Assert.Single(first.GetActive()) })
        {
            Assert.Equal((505, 1000, .505), (status.CompletedTasks, status.ExpectedTasks, status.CompletionRatio));
            Assert.Equal((505, 5, 7), (status.Stages[0].CompletedTasks, status.Stages[0].FailedTasks, status.Stages[0].Items["file"]));
            Assert.Equal(["load"], status.CurrentStages);
            Assert.Equal([(ParticipantState.Present, 300L), (ParticipantState.Present, 205L)], status.Participants.Select(participant => (participant.State, participant.CompletedTasks)));
        }

        // And again, when both have gone on: nothing counts twice.
        load.CompleteTasks(10);
        await StoreFixture.SyncAsync(first, second);
        await StoreFixture.SyncAsync(first, second);
        Assert.Equal((515, 515), (run.GetStatus().CompletedTasks, part.GetStatus().CompletedTasks));
    }

    [Fact]
    public async Task GetStatus_BothStartedBeforeTheyHeardOfEachOther_EachSeesTheWhole()
    {
        var (first, second) = (await _fixture.StartProcessAsync(), await _fixture.StartProcessAsync());
        var (one, other) = (first.StartWorkflow("import", Options()), second.StartWorkflow("import", Options()));
        one.StartStage("scan", 100).CompleteTasks(60);
        other.StartStage("load", 100).CompleteTasks(20);
        await StoreFixture.SyncAsync(first, second);
        Assert.Equal((80, 200), (one.GetStatus().CompletedTasks, one.GetStatus().ExpectedTasks));
        Assert.Equal((80, 200), (other.GetStatus().CompletedTasks, other.GetStatus().ExpectedTasks));
        Assert.Equal(["load", "scan"], one.GetStatus().CurrentStages.Order());
    }

    [Fact]
    public async Task OpenEndedRun_IsSoForAll()
    {
        var (first, early) = (await _fixture.StartProcessAsync(), await _fixture.StartProcessAsync());
        var run = first.StartWorkflow("import", new WorkflowRunOptions { RunId = "job", IsOpenEnded = true });
        run.StartStage("load").CompleteTask();

        // It hasn't heard of the run yet.
        var part = early.StartWorkflow("import", Options(WhenLive.Join));
        await StoreFixture.SyncAsync(first, early);
        part.StartStage("check", 1).CompleteTask();
        Assert.Equal((2, null), (part.GetStatus().CompletedTasks, part.GetStatus().CompletionRatio));
        await _fixture.PassAsync(60, first, early);
        var second = await _fixture.StartProcessAsync();
        Assert.Equal((2, null, null), (second.GetStatus("job")!.CompletedTasks, second.GetStatus("job")!.CompletionRatio, second.GetStatus("job")!.Estimate));
        _fixture.Kill(first);
        _fixture.Kill(early);
        _fixture.Clock.Advance(TimeSpan.FromMinutes(5));
        var third = await _fixture.StartProcessAsync();
        var again = third.StartWorkflow("import", Options());
        again.StartStage("write", 10).CompleteTasks(5);
        Assert.Equal((7, null), (again.GetStatus().CompletedTasks, again.GetStatus().CompletionRatio));
        again.ExpectTasks(14);
        Assert.Equal(.5, again.GetStatus().CompletionRatio);
    }

    [Fact]
    public async Task Milestones_ReachedTogether_AreToldOnce()
    {
        var (first, second, run, part) = await TwoAsync();
        var (one, other) = (run.StartStage("load", 1000), part.StartStage("load"));
        for (var i = 0; i < 10; i++)
        {
            one.CompleteTasks(60);
            other.CompleteTasks(40);
            await StoreFixture.SyncAsync(first, second);
        }

        Assert.Equal(4, _fixture.Log.Of(SignalNames.Events.MilestoneReached).Count());
        Assert.Equal("100 %", run.GetStatus().CurrentMilestone);
        Assert.Equal("100 %", part.GetStatus().CurrentMilestone);
    }

    [Fact]
    public async Task Estimate_TwoAtWork_IsOfTheirJointPace()
    {
        var (first, second, run, part) = await TwoAsync();
        var (one, other) = (run.StartStage("load", 1000), part.StartStage("load"));
        for (var second2 = 0; second2 < 50; second2++)
        {
            _fixture.Clock.Advance(TimeSpan.FromSeconds(1));
            one.CompleteTasks(6);
            other.CompleteTasks(4);
            await StoreFixture.SyncAsync(first, second);
        }

        // 500 of 1000 in 50 s.
        Assert.InRange(run.GetStatus().Estimate!.Remaining.TotalSeconds, 40, 62);
        Assert.InRange(part.GetStatus().Estimate!.Remaining.TotalSeconds, 40, 62);
        var page = await _fixture.StartProcessAsync();
        Assert.InRange(page.GetStatus("job")!.Estimate!.Remaining.TotalSeconds, 40, 62);
    }

    [Fact]
    public async Task Complete_OfWhoJoined_LeavesTheRunToItsOwner()
    {
        var (first, second, run, part) = await TwoAsync();
        run.StartStage("load", 100).CompleteTasks(10);
        var load = part.StartStage("load");
        load.CompleteTasks(20);
        load.Complete();
        Assert.False(part.IsOwner);
        part.Complete();
        await StoreFixture.SyncAsync(first, second);

        Assert.Equal((30, 100, null), (run.GetStatus().CompletedTasks, run.GetStatus().ExpectedTasks, run.GetStatus().Result));
        Assert.Equal([ParticipantState.Present, ParticipantState.Left], run.GetStatus().Participants.Select(participant => participant.State));
        Assert.Equal((30, null), (second.GetStatus("job")!.CompletedTasks, second.GetStatus("job")!.Result));
        Assert.Empty(_fixture.Log.Of(SignalNames.Events.RunEnded));

        run.Complete();
        await StoreFixture.SyncAsync(first, second);
        Assert.Equal((WorkflowResult.Success, 1.0), (second.GetStatus("job")!.Result, second.GetStatus("job")!.CompletionRatio));
        Assert.Single(_fixture.Log.Of(SignalNames.Events.RunEnded));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_OfWhoJoined_LeavesTheRunToItsOwner(bool throws)
    {
        var (first, second) = (await _fixture.StartProcessAsync(), await _fixture.StartProcessAsync());
        var run = first.StartWorkflow("import", Options());
        await _fixture.PassAsync(1, first, second);
        var part = second.RunAsync("import", (joined, _) => { joined.StartStage("load", 10).CompleteTasks(3); return throws ? throw new IOException() : Task.CompletedTask; }, Options(WhenLive.Join));
        Assert.Equal(throws, await Record.ExceptionAsync(() => part) is IOException);
        await StoreFixture.SyncAsync(first, second);
        Assert.Equal((3, WorkflowState.Running, ParticipantState.Left), (run.GetStatus().CompletedTasks, run.GetStatus().State, run.GetStatus().Participants[1].State));
        Assert.Null(second.GetStatus("job")!.Result);
    }

    [Fact]
    public async Task Complete_OfTheOwner_EndsTheRunForAll()
    {
        var (first, second, run, part) = await TwoAsync();
        run.StartStage("load", 100).CompleteTasks(70);
        part.StartStage("load").CompleteTasks(30);
        await StoreFixture.SyncAsync(first, second);
        run.Complete();
        await StoreFixture.SyncAsync(first, second);
        Assert.True(part.IsEnded);
        Assert.Equal((WorkflowResult.Success, 100, 1.0), (part.GetStatus().Result, part.GetStatus().CompletedTasks, part.GetStatus().CompletionRatio));
        Assert.Single(_fixture.Log.Of(SignalNames.Events.RunEnded));
        Assert.Single(await _fixture.ReadAllAsync(), share => share.Result is not null);
    }

    [Fact]
    public async Task Complete_OfTwoOwners_IsToldOnce()
    {
        var (first, second) = (await _fixture.StartProcessAsync(), await _fixture.StartProcessAsync());
        var (one, other) = (first.StartWorkflow("import", Options()), second.StartWorkflow("import", Options()));
        await StoreFixture.SyncAsync(first, second);
        one.Complete();
        other.Complete();
        await StoreFixture.SyncAsync(first, second);
        Assert.Single(_fixture.Log.Of(SignalNames.Events.RunEnded));
    }

    [Fact]
    public async Task TakeOver_OfWhoJoined_WhenTheOwnerIsGone_EndsTheRun()
    {
        var (first, second, run, part) = await TwoAsync();
        run.StartStage("load", 100).CompleteTasks(40);
        await StoreFixture.SyncAsync(first, second);
        _fixture.Kill(first);
        await _fixture.PassAsync(31, second);
        Assert.Equal([ParticipantState.Gone, ParticipantState.Present], part.GetStatus().Participants.Select(participant => participant.State));
        var own = second.StartWorkflow("import", Options(WhenLive.TakeOver));
        own.StartStage("load", 100).CompleteTasks(60);
        own.Complete();
        await second.FlushAsync();
        Assert.Equal((WorkflowResult.Success, 100), ((await _fixture.StartProcessAsync()).GetStatus("job")!.Result, own.GetStatus().CompletedTasks));
    }

    [Fact]
    public async Task Stall_IsASilenceOfAll_AndToldOnce()
    {
        var (first, second, run, part) = await TwoAsync();
        var (one, other) = (run.StartStage("load", 1000), part.StartStage("load"));
        for (var i = 0; i < 20; i++)
        {
            one.CompleteTask();
            await _fixture.PassAsync(1, first, second);
        }

        // One works, the other doesn't.
        for (var i = 0; i < 200; i++)
        {
            one.CompleteTask();
            await _fixture.PassAsync(1, first, second);
        }

        Assert.Empty(_fixture.Log.Of(SignalNames.Events.RunStalled));
        await _fixture.PassAsync(200, first, second);
        Assert.Single(_fixture.Log.Of(SignalNames.Events.RunStalled));
        Assert.Equal((WorkflowState.Stalled, WorkflowState.Stalled), (run.GetStatus().State, part.GetStatus().State));

        other.CompleteTask();
        await _fixture.PassAsync(2, first, second);
        Assert.Single(_fixture.Log.Of(SignalNames.Events.RunResumed));
        Assert.Equal((WorkflowState.Running, WorkflowState.Running), (run.GetStatus().State, part.GetStatus().State));

        // The next stall is another.
        await _fixture.PassAsync(400, first, second);
        Assert.Equal(2, _fixture.Log.Of(SignalNames.Events.RunStalled).Count());
    }

    [Fact]
    public async Task Wait_OfOneWhileTheOtherDoesNothing_IsNoStall()
    {
        var (first, second, run, part) = await TwoAsync();
        part.StartStage("scan", 1).Complete();
        using (run.StartStage("approve", 1).Wait("approval"))
        {
            await _fixture.PassAsync(300, first, second);
            Assert.Equal((WorkflowState.Waiting, WorkflowState.Waiting), (run.GetStatus().State, part.GetStatus().State));
        }

        Assert.Empty(_fixture.Log.Of(SignalNames.Events.RunStalled));
    }

    [Fact]
    public async Task Deadline_Missed_IsToldOnce()
    {
        var (first, second) = (await _fixture.StartProcessAsync(), await _fixture.StartProcessAsync());
        var deadline = _fixture.Clock.GetUtcNow().AddSeconds(30);
        first.StartWorkflow("import", Options(deadline: deadline));
        await StoreFixture.SyncAsync(first, second);
        second.StartWorkflow("import", Options(WhenLive.Join));
        await StoreFixture.SyncAsync(first, second);
        await _fixture.PassAsync(40, first, second);
        Assert.Single(_fixture.Log.Of(SignalNames.Events.DeadlineMissed));
    }

    [Fact]
    public async Task Attempts_OfProcessesSideBySide_AreOne_AndOfWhoComesLaterAnother()
    {
        var (first, second, run, part) = await TwoAsync();
        var third = await _fixture.StartProcessAsync();
        var (one, other) = (run.StartStage("load", 100), part.StartStage("load"));
        one.CompleteTasks(10);
        other.CompleteTasks(10);
        await _fixture.PassAsync(5, first, second);
        var late = third.StartWorkflow("import", Options(WhenLive.Join));
        late.StartStage("load");
        await _fixture.PassAsync(1, first, second, third);
        Assert.Equal(1, late.GetStatus().Stages[0].Attempts);
        _fixture.Kill(third);
        Assert.Equal((1, 1), (run.GetStatus().Stages[0].Attempts, part.GetStatus().Stages[0].Attempts));

        other.Fail();
        part.StartStage("load");
        await _fixture.PassAsync(5, first, second);
        Assert.Equal((2, 2), (run.GetStatus().Stages[0].Attempts, part.GetStatus().Stages[0].Attempts));

        _fixture.Kill(first);
        _fixture.Kill(second);
        _fixture.Clock.Advance(TimeSpan.FromMinutes(5));
        var last = await _fixture.StartProcessAsync();
        Assert.Equal(2, last.GetStatus("job")!.Stages[0].Attempts);
        var again = last.StartWorkflow("import", Options());
        again.StartStage("load", 100);
        await StoreFixture.SyncAsync(last);
        Assert.Equal((3, 3), (again.GetStatus().Stages[0].Attempts, (await _fixture.StartProcessAsync()).GetStatus("job")!.Stages[0].Attempts));
    }

    [Fact]
    public async Task StageComplete_WhileTheOtherIsAtIt_LeavesWhatIsLeft()
    {
        var (first, second, run, part) = await TwoAsync();
        var (one, other) = (run.StartStage("load", 100), part.StartStage("load"));
        one.CompleteTasks(30);
        other.CompleteTasks(30);
        await StoreFixture.SyncAsync(first, second);
        one.Complete();
        await StoreFixture.SyncAsync(first, second);
        Assert.Equal((100, 60, WorkflowState.Running), (run.GetStatus().ExpectedTasks, run.GetStatus().CompletedTasks, run.GetStatus().Stages[0].State));
        Assert.Equal((100, 60, WorkflowState.Running), (part.GetStatus().ExpectedTasks, part.GetStatus().CompletedTasks, part.GetStatus().Stages[0].State));
        other.CompleteTasks(40);
        other.Complete();
        await StoreFixture.SyncAsync(first, second);
        Assert.Equal(WorkflowState.Succeeded, run.GetStatus().Stages[0].State);
        Assert.Equal(100, run.GetStatus().CompletedTasks);
    }

    [Fact]
    public async Task StartStage_AgainAfterTheLastOtherFinished_ComesOnTopOfAllThatIsDone()
    {
        var (first, second, run, part) = await TwoAsync();
        run.StartStage("load", 100).CompleteTasks(10);
        var other = part.StartStage("load");
        other.CompleteTasks(20);
        await StoreFixture.SyncAsync(first, second);
        var again = first.StartWorkflow("import", Options(WhenLive.TakeOver));
        await _fixture.PassAsync(1, first, second);
        other.Complete();
        await StoreFixture.SyncAsync(first, second);
        Assert.Equal((30, 30), (again.GetStatus().CompletedTasks, again.GetStatus().ExpectedTasks));
        again.StartStage("load", 70);
        await StoreFixture.SyncAsync(first, second);
        Assert.Equal((30, 100), (again.GetStatus().CompletedTasks, again.GetStatus().ExpectedTasks));
        Assert.Equal((30, 100), (part.GetStatus().CompletedTasks, part.GetStatus().ExpectedTasks));
    }

    [Fact]
    public async Task ExpectTasks_WhileTheOtherDoesMoreThanItExpected_Stands()
    {
        var (first, second, run, part) = await TwoAsync();
        var (one, other) = (run.StartStage("load", 100), part.StartStage("load"));
        await _fixture.PassAsync(1, first, second);
        one.ExpectTasks(1000);
        await first.FlushAsync();

        // The other hasn't heard of it yet.
        _fixture.Clock.Advance(TimeSpan.FromSeconds(.5));
        other.CompleteTasks(101);
        Assert.Equal(101, part.GetStatus().ExpectedTasks);
        await StoreFixture.SyncAsync(second, first);
        Assert.Equal((101, 1000), (run.GetStatus().CompletedTasks, run.GetStatus().ExpectedTasks));
        Assert.Equal((101, 1000), (part.GetStatus().CompletedTasks, part.GetStatus().ExpectedTasks));
    }

    [Theory]
    [InlineData(5, 0)]
    [InlineData(0, 5)]
    [InlineData(-600, 600)]
    public async Task Clocks_MinutesApart_CountEstimateTellAndEndTheSame(int firstAhead, int secondAhead)
    {
        var first = await _fixture.StartProcessAsync(new SkewedClock(_fixture.Clock, TimeSpan.FromMinutes(firstAhead)));
        var second = await _fixture.StartProcessAsync(new SkewedClock(_fixture.Clock, TimeSpan.FromMinutes(secondAhead)));
        var run = first.StartWorkflow("import", Options());
        await StoreFixture.SyncAsync(first, second);
        var part = second.StartWorkflow("import", Options(WhenLive.Join));
        var (one, other) = (run.StartStage("load", 1000), part.StartStage("load"));
        for (var i = 0; i < 60; i++)
        {
            one.CompleteTasks(5);
            other.CompleteTasks(5);
            await _fixture.PassAsync(1, first, second);
        }

        foreach (var status in new[] { run.GetStatus(), part.GetStatus(), (await _fixture.StartProcessAsync()).GetStatus("job")! })
        {
            Assert.Equal((600, 1000, WorkflowState.Running), (status.CompletedTasks, status.ExpectedTasks, status.State));
            Assert.All(status.Participants, participant => Assert.Equal(ParticipantState.Present, participant.State));

            // By their clocks they work one after the other.
            Assert.InRange(status.Estimate!.Remaining.TotalSeconds, 36, 44);
        }

        await _fixture.PassAsync(300, first, second);
        Assert.Single(_fixture.Log.Of(SignalNames.Events.RunStalled));
        run.Complete();
        await StoreFixture.SyncAsync(first, second);
        Assert.Equal(WorkflowResult.Success, part.GetStatus().Result);
        Assert.Equal(4, _fixture.Log.Of(SignalNames.Events.MilestoneReached).Count());
        Assert.Single(_fixture.Log.Of(SignalNames.Events.RunEnded));
    }

    [Fact]
    public async Task Store_IsGone_EachTellsForItself()
    {
        var (first, second, run, part) = await TwoAsync();
        run.StartStage("load", 1000).CompleteTask();
        part.StartStage("load").CompleteTask();
        await StoreFixture.SyncAsync(first, second);
        _fixture.Store.Before = _ => throw new IOException("gone");
        for (var i = 0; i < 120; i++)
        {
            _fixture.Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.False(await first.FlushAsync());
            Assert.False(await second.FlushAsync());
        }

        Assert.Equal(2, _fixture.Log.Of(SignalNames.Events.RunStalled).Count());
    }

    private async Task<(ProgressTracker First, ProgressTracker Second, WorkflowRun Run, WorkflowRun Part)> TwoAsync()
    {
        var (first, second) = (await _fixture.StartProcessAsync(), await _fixture.StartProcessAsync());
        var run = first.StartWorkflow("import", Options());
        await _fixture.PassAsync(1, first, second);
        var part = second.StartWorkflow("import", Options(WhenLive.Join));
        return (first, second, run, part);
    }

    private static WorkflowRunOptions Options(WhenLive whenLive = WhenLive.Throw, DateTimeOffset? deadline = null) =>
        new() { RunId = "job", Milestones = Milestone.Quarters, WhenLive = whenLive, Deadline = deadline };
}
