using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace ProgressTelemetry.Tests.Storage;

/// <summary>In whatever order shares come, however often, and however they are put together: the same run.</summary>
public class JointRunTests
{
    private static readonly Gen<JointRun> Runs =
        from keys in Gen.NonEmptyListOf(
            from participant in Gen.Choose(0, 4)
            from generation in Gen.Frequency((6, Gen.Constant(1)), (1, Gen.Choose(0, 2)))
            from sequence in Gen.Choose(1, 4)
            select new ShareKey(participant, generation, sequence))
        select JointRun.Of(keys.Select(RandomShare.Of));

    [Fact]
    public void Merge_InAnyOrder_IsTheSame() => Prop.ForAll(Runs.ToArbitrary(), Runs.ToArbitrary(), (a, b) =>
        Assert.Equal(Text(a.Merge(b)), Text(b.Merge(a)))).QuickCheckThrowOnFailure();

    [Fact]
    public void Merge_InAnyGrouping_IsTheSame() => Prop.ForAll(Runs.ToArbitrary(), Runs.ToArbitrary(), Runs.ToArbitrary(), (a, b, c) =>
        Assert.Equal(Text(a.Merge(b).Merge(c)), Text(a.Merge(b.Merge(c))))).QuickCheckThrowOnFailure();

    [Fact]
    public void Merge_Again_ChangesNothing() => Prop.ForAll(Runs.ToArbitrary(), Runs.ToArbitrary(), (a, b) =>
    {
        var both = a.Merge(b);
        Assert.Equal(Text(both), Text(both.Merge(a).Merge(b).Merge(both)));
        Assert.Equal(Text(a), Text(a.Merge(a)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Total_AnyShares_AddsUpTheNewestOfEachParticipant() => Prop.ForAll(Runs.ToArbitrary(), run =>
    {
        Assert.Distinct(run.Shares.Select(share => share.Participant));
        foreach (var stage in run.Total.Stages)
        {
            var own = run.Shares.SelectMany(share => share.Stages).Where(share => share.Name == stage.Name).ToArray();
            Assert.Equal(own.Sum(share => share.DoneTasks), stage.DoneTasks);
            Assert.Equal(own.Sum(share => share.Revisions), stage.Revisions);
            Assert.Equal(own.Sum(share => share.Ended(WorkflowResult.Failure)), stage.Ended(WorkflowResult.Failure));
            Assert.Equal(own.Max(share => share.LongestSeconds), stage.LongestSeconds);
            Assert.False(stage.DeclaredTasks < stage.DoneTasks);
        }

        Assert.Equal(run.Shares.Min(share => share.StartedAt), run.Total.StartedAt);
        Assert.InRange(run.Total.RanSeconds, run.Shares.Max(share => share.RanSeconds) - 1e-6, run.Shares.Sum(share => share.RanSeconds) + 1e-6);
        Assert.True(run.Total.IsValid);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void ToStatus_AnyShares_IsSound() => Prop.ForAll(Runs.ToArbitrary(), run =>
    {
        var status = run.ToStatus(RandomShare.Origin.AddSeconds(200));
        Assert.InRange(status.CompletionRatio ?? 0, 0, 1);
        Assert.False(status.ExpectedTasks < status.CompletedTasks);
        Assert.Equal(run.Total.Result, status.Result);
        Assert.True(status.Result != WorkflowResult.Success || status.CompletionRatio == 1);
        Assert.True(status.Estimate is null || status.Estimate.RemainingLow <= status.Estimate.Remaining && status.Estimate.Remaining <= status.Estimate.RemainingHigh);
        Assert.Equal(run.Total.Stages.Select(stage => stage.Name), status.Stages.Select(stage => stage.Name));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Of_NewGeneration_LeavesTheRunBeforeOut()
    {
        var run = JointRun.Of([RandomShare.Of(new ShareKey(1, 1, 3)), RandomShare.Of(new ShareKey(2, 2, 1))]);
        Assert.Equal("p2", Assert.Single(run.Shares).Participant);
    }

    [Fact]
    public void Total_CountsBeyondTheirRange_StayWithinIt()
    {
        var most = new StageShare { Name = "load", DoneTasks = Checked.MaxCount };
        var run = JointRun.Of([RandomShare.Of(new ShareKey(1, 1, 1)) with { Stages = [most] }, RandomShare.Of(new ShareKey(2, 1, 1)) with { Stages = [most] }]);
        Assert.Equal(Checked.MaxCount, Assert.Single(run.Total.Stages).DoneTasks);
    }

    [Fact]
    public void Of_TwoRuns_Throws() => Assert.Throws<ArgumentException>(() =>
        JointRun.Of([RandomShare.Of(new ShareKey(1, 1, 1)), RandomShare.Of(new ShareKey(2, 1, 1)) with { RunId = "other" }]));

    [Fact]
    public void Of_Nothing_Throws() => Assert.Throws<ArgumentException>(() => JointRun.Of([]));

    [Fact]
    public void ToStatus_NobodyIsAlive_IsAbandoned()
    {
        var share = RandomShare.Of(new ShareKey(1, 1, 1)) with { Result = null, EndedAt = null, LeftAt = null, State = WorkflowState.Running };
        Assert.Equal(WorkflowState.Running, JointRun.Of([share]).ToStatus(share.UpdatedAt).State);
        Assert.Equal(WorkflowState.Abandoned, JointRun.Of([share]).ToStatus(share.UpdatedAt, isAlive: false).State);
    }

    // Lists and dictionaries of records have no equality of their own.
    private static string Text(JointRun run) => JsonSerializer.Serialize(new { run.Generation, run.Shares, run.Total });
}
