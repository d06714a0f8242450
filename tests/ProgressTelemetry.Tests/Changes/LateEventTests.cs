using ProgressTelemetry.Model;
using ProgressTelemetry.Model.Changes;
using Xunit;

namespace ProgressTelemetry.Tests.Changes;

/// <summary>Events that are told of late are given the time that they would have had: whatever comes in whatever order, every second is some stage's, a wait, or nobody's yet.</summary>
public class LateEventTests
{
    [Fact]
    public void StageToldOfLate_AfterTimeInWhichNothingRan_HasThatTimeOnce()
    {
        var story = new Story(new RunPlan()).Begin().At(10).Happened(2).Enter("a");
        var (ledger, a) = (story.Run.Ledger, story.Run.Stages[0]);
        Assert.Equal((10, 2), (ledger.WallAt(a, 10), ledger.IdleAt(10)));

        // Another that had begun before it takes half of what both ran, and what nothing ran in until then.
        story.Happened(1).Enter("b");
        var b = story.Run.Stages[1];
        Assert.Equal((10, 1), (ledger.WallAt(a, 10) + ledger.WallAt(b, 10), ledger.IdleAt(10)));
        Assert.Equal(1 + 4, ledger.WallAt(a, 10));
    }

    [Fact]
    public void StageToldOfLate_DuringAWait_LeavesTheWaitAWait()
    {
        var story = new Story(new RunPlan()).Begin().Enter("a").At(2).Wait("a").At(10).Happened(4).Enter("b");
        var ledger = story.Run.Ledger;
        Assert.Equal((2, 0, 8), (ledger.WallAt(story.Run.Stages[0], 10), ledger.WallAt(story.Run.Stages[1], 10), ledger.Waited(10)));
    }

    [Fact]
    public void AnyEvents_HoweverLate_ShareOutTheTimeThatPassed()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var story = new Story(new RunPlan()).Begin().Happened(0).Look();
            var (open, tasks, t) = (new List<string>(), new List<string>(), 0.0);
            for (var step = 0; step < 30; step++)
            {
                t += random.Next(4);
                story.At(t).Happened(Math.Max(0, t - random.Next(8)));
                var name = $"s{random.Next(3)}";
                switch (random.Next(6))
                {
                    case 0 or 1 when !open.Contains(name):
                        story.Enter(name);
                        open.Add(name);
                        break;
                    case 2 or 3 when open.Contains(name):
                        tasks.Add($"{name}/{step}");
                        story.Start(name, tasks[^1]);
                        break;
                    case 4 when tasks.Count > 0:
                        story.End(tasks[0]);
                        tasks.RemoveAt(0);
                        break;
                    case 5 when open.Contains(name) && random.Next(3) == 0:
                        story.Leave(name);
                        open.Remove(name);
                        tasks.RemoveAll(task => task.StartsWith(name, StringComparison.Ordinal));
                        break;
                    default:
                        story.Look();
                        break;
                }

                var spent = story.Run.Stages.Sum(stage => story.Run.Ledger.WallAt(stage, t));
                Assert.InRange(spent, -1e-9, t + 1e-9);
            }

            // Whoever starts last takes what nobody has.
            story.At(t).Enter("last");
            Assert.Equal(t, story.Run.Stages.Sum(stage => story.Run.Ledger.WallAt(stage, t)), 6);
        }
    }
}
