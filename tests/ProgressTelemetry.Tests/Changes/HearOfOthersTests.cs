using ProgressTelemetry.Model;
using Xunit;

namespace ProgressTelemetry.Tests.Changes;

/// <summary>Shares are put together while the work goes on: what it says of a stage meanwhile is later than what they say.</summary>
public sealed class HearOfOthersTests
{
    private readonly Story _story = new(new RunPlan { IsStored = true });

    [Fact]
    public void Expect_WhileSharesArePutTogether_Stands()
    {
        var own = Begin();
        Hear(_story.At(3).Expect("load", 500), own, Load(20, 100));
        Assert.Equal((30, 500L), (Stage.Done, Stage.Expected));
    }

    [Fact]
    public void Expect_Before_IsOverruledByWhatOthersSaidLater()
    {
        Begin();
        _story.At(3).Expect("load", 500);
        Hear(_story, null, Load(20, 1000));
        Assert.Equal((30, 1000L), (Stage.Done, Stage.Expected));
    }

    [Fact]
    public void MoreDoneThanExpected_WhileSharesArePutTogether_IsNothingSaid()
    {
        var own = Begin();
        Hear(_story.At(3).Add("load", 95), own, Load(20, 100));
        Assert.Equal(125L, Stage.Declared);
        _story.At(4).Hear(Of(Load(20, 100)), Of(Load(20, 1000)), Others.Idle, own);
        Assert.Equal((125, 1000L), (Stage.Done, Stage.Expected));
    }

    [Fact]
    public void Leave_WhileSharesArePutTogether_Stands()
    {
        var own = Begin();
        Hear(_story.At(3).Leave("load"), own, Load(20, 100));
        Assert.Equal((WorkflowResult.Success, true, 30L), (Stage.Result, Stage.Finished, Stage.Expected));
    }

    [Fact]
    public void LeaveAndEnterAgain_WhileSharesArePutTogether_Stands()
    {
        var own = Begin();
        Hear(_story.At(3).Leave("load", WorkflowResult.Failure).At(4).Enter("load", 90).At(5).Leave("load", WorkflowResult.Timeout), own, Load(20, 100));
        Assert.Equal(WorkflowResult.Timeout, Stage.Result);
    }

    [Fact]
    public void Leave_Before_IsOverruledByWhoIsAtItStill()
    {
        Begin();
        _story.At(3).Leave("load", WorkflowResult.Failure);
        Hear(_story, null, Load(20, 100) with { IsActive = true });
        Assert.Equal((null, WorkflowState.Running), (Stage.Result, Stage.State(runIsStalled: false)));
    }

    private Stage Stage => _story.Run.FindStage("load")!;

    // What this process has said by then.
    private RunShare Begin() => _story.Begin().At(1).Enter("load", 100).At(2).Add("load", 10).ShareAsOfNow(Of());

    private static void Hear(Story story, RunShare? own, StageShare stage) => story.Hear(null, Of(stage), Others.Idle, own);

    private static StageShare Load(long done, long expected) => new() { Name = "load", HasBegun = true, DoneTasks = done, CountedTasks = done, CountedWork = done, EndedTasks = [done], DeclaredTasks = expected };

    private static RunShare Of(params StageShare[] stages) => new()
    {
        RunId = "r", Workflow = "w", Participant = "p", Sequence = 1, StartedAt = DateTimeOffset.UnixEpoch, JoinedAt = DateTimeOffset.UnixEpoch, UpdatedAt = DateTimeOffset.UnixEpoch,
        LastProgressAt = DateTimeOffset.UnixEpoch, Stages = stages,
    };
}
