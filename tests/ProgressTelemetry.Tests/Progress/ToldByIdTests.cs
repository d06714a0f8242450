using ProgressTelemetry.Tests.Support;
using Xunit;

namespace ProgressTelemetry.Tests.Progress;

/// <summary>Tasks of which only the end is told, by their ids, are what counted tasks are: work, pace, and a part of what an attempt announced.</summary>
public class ToldByIdTests
{
    private static readonly WorkflowRunOptions Planned = new() { Stages = [new PlannedStage("load", 10), new PlannedStage("index", 4)] };

    [Fact]
    public void Estimate_OfTasksToldOfAtTheirEnd_IsThatOfCountedOnes()
    {
        Assert.Equal(Estimates(ByCount), Estimates(ById));

        static List<TimeSpan?> Estimates(Action<WorkflowStage, int> complete)
        {
            using var fixture = new TrackerFixture();
            var estimates = new List<TimeSpan?>();

            // The second run has the first one's profile.
            for (var round = 0; round < 2; round++)
            {
                var run = fixture.Tracker.StartWorkflow("w", Planned);
                foreach (var (name, tasks, seconds) in new[] { ("load", 10, 10), ("index", 4, 30) })
                {
                    var stage = run.StartStage(name);
                    for (var task = 0; task < tasks; task++)
                    {
                        fixture.Advance(seconds * .4);
                        estimates.Add(run.GetStatus().Estimate?.Remaining);
                        fixture.Advance(seconds * .6);
                        complete(stage, task);
                        estimates.Add(run.GetStatus().Estimate?.Remaining);
                    }

                    stage.Complete();
                }

                run.Complete();
            }

            Assert.DoesNotContain(null, estimates.SkipLast(1));
            return estimates;
        }
    }

    [Theory]
    [InlineData("counted")]
    [InlineData("by id")]
    [InlineData("timed")]
    [InlineData("timed by id, tried twice")]
    public void ExpectedTasks_WhenAnAttemptBesideAnotherFails_AreThoseDoneAndThoseStillAnnounced(string how)
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w");
        var (failing, other) = (run.StartStage("s", 5), run.StartStage("s", 5));
        for (var task = 0; task < 3; task++)
        {
            fixture.Advance(1);
            switch (how)
            {
                case "counted":
                    ByCount(failing, task);
                    break;
                case "by id":
                    ById(failing, task);
                    break;
                case "timed":
                    failing.StartTask().Complete();
                    break;
                default:
                    failing.StartTask($"{task}").Fail();
                    failing.StartTask($"{task}").Complete();
                    break;
            }
        }

        failing.Fail();
        run.StartStage("s", 5);
        Assert.Equal(3 + 5 + 5, run.GetStatus().ExpectedTasks);
        other.Complete();
    }

    private static void ByCount(WorkflowStage stage, int task) => stage.CompleteTask();

    private static void ById(WorkflowStage stage, int task) => stage.UpdateTask($"{task}", WorkflowTaskState.Completed);
}
