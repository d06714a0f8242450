using ProgressTelemetry.Tests.Support;

namespace ProgressTelemetry.Tests.Progress;

public class FractionTests
{
    [Fact]
    public void AsProgress_OfAStageWithoutTasks_IsItsOneTask()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s");
        var progress = stage.AsProgress();
        progress.Report(.25);
        Assert.Equal(.25, run.GetStatus().CompletionRatio);
        progress.Report(.1);
        Assert.Equal(.25, run.GetStatus().CompletionRatio);
        progress.Report(7);
        Assert.Equal(1, run.GetStatus().CompletionRatio);
        Assert.Equal(0, run.GetStatus().CompletedTasks);
        stage.Complete();
        Assert.Equal(1, run.GetStatus().CompletionRatio);
        Assert.Equal(1, run.GetStatus().CompletedTasks);
    }

    [Theory]
    [InlineData(double.NaN, 1)]
    [InlineData(double.PositiveInfinity, 1)]
    [InlineData(double.NegativeInfinity, 1)]
    [InlineData(-3, 1)]
    public void AsProgress_OfNoFraction_IsCutAndCounted(double value, int errors)
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w");
        run.StartStage("s").AsProgress().Report(value);
        Assert.Equal(errors, fixture.Errors("progress_invalid"));
        Assert.Equal(double.IsPositiveInfinity(value) ? 1 : double.IsNaN(value) ? null : 0, run.GetStatus().CompletionRatio);
    }

    [Fact]
    public void AsProgress_OfAStageWithTasks_CompletesSoMany()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s", 10);
        var progress = stage.AsProgress();
        progress.Report(.35);
        Assert.Equal((3L, .35), (run.GetStatus().CompletedTasks, Math.Round(run.GetStatus().CompletionRatio!.Value, 9)));
        progress.Report(.37);
        Assert.Equal((3L, .37), (run.GetStatus().CompletedTasks, Math.Round(run.GetStatus().CompletionRatio!.Value, 9)));
        progress.Report(1);
        Assert.Equal((10L, 1d), (run.GetStatus().CompletedTasks, run.GetStatus().CompletionRatio!.Value));
    }

    [Fact]
    public void AsProgress_BesideCountedTasks_IsTheSameFactToldTwice()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s", 10);
        stage.UpdateTask("a", WorkflowTaskState.Running, .8);
        stage.AsProgress().Report(.35);
        stage.UpdateTask("a", WorkflowTaskState.Completed);
        Assert.Equal((3L, .35), (run.GetStatus().CompletedTasks, run.GetStatus().CompletionRatio!.Value));
        stage.CompleteTasks(6);
        Assert.Equal((7L, .7), (run.GetStatus().CompletedTasks, run.GetStatus().CompletionRatio!.Value));
        stage.AsProgress().Report(1);
        Assert.Equal((10L, 1d), (run.GetStatus().CompletedTasks, run.GetStatus().CompletionRatio!.Value));
    }

    [Fact]
    public void AsProgress_AfterTheEnd_IsLate()
    {
        using var fixture = new TrackerFixture();
        var stage = fixture.Tracker.StartWorkflow("w").StartStage("s");
        stage.Complete();
        stage.AsProgress().Report(.5);
        Assert.Equal(1, fixture.Errors("late_update"));
    }
}
