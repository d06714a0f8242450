using Xunit;

namespace ProgressTelemetry.Tests.Reporting;

/// <summary>The course that a run's report shows: bounded, over all of the run, and only where it is worth it.</summary>
public sealed class RunTimelineTests : IDisposable
{
    private readonly ReportRun _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Timeline_LongRun_IsBoundedAndReachesFromStartToEnd()
    {
        var run = _runs.Tracker.StartWorkflow("w", new WorkflowRunOptions { Stages = [new("s", 2000)] });
        var stage = run.StartStage("s");
        for (var i = 0; i < 2000; i++)
        {
            _runs.Wait(1.5);
            stage.CompleteTask();
        }

        run.Complete();
        var course = run.GetReport().Timeline;

        Assert.InRange(course.Count, 60, 122);
        Assert.Equal((TimeSpan.Zero, 0d), (course[0].At, course[0].CompletionRatio));
        Assert.Equal((TimeSpan.FromSeconds(3000), 1d, (TimeSpan?)null), (course[^1].At, course[^1].CompletionRatio, course[^1].Expected));
        Assert.All(course.Zip(course.Skip(1)), pair => Assert.True(pair.Second.At - pair.First.At < TimeSpan.FromSeconds(3000d / 20)));
        Assert.All(course.Skip(1).SkipLast(1), p => Assert.InRange(p.Expected!.Value.TotalSeconds, p.At.TotalSeconds, 30_000));
    }

    [Fact]
    public void Timeline_RunYoungerThanShown_HasItsEndsOnly()
    {
        var course = _runs.Play(null, ("a", 2), ("b", 2)).Timeline;

        Assert.Equal([TimeSpan.Zero, TimeSpan.FromSeconds(4)], course.Select(p => p.At));
    }

    [Fact]
    public void Timeline_MoreRunsThanAreRecorded_TheOthersHaveNoneUntilOneEnds()
    {
        var all = Enumerable.Range(0, 1001).Select(_ => _runs.Tracker.StartWorkflow("w")).ToList();
        _runs.Wait(6);
        Assert.Equal(1000, all.Count(run => run.Live.Timeline is not null));

        all.First(run => run.Live.Timeline is not null).Complete();
        _runs.Wait(1);
        Assert.Equal(1001, all.Count(run => run.Live.Timeline is not null));
    }
}
