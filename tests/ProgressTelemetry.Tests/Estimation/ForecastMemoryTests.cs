using ProgressTelemetry.Estimation;
using Xunit;

namespace ProgressTelemetry.Tests.Estimation;

/// <summary>A forecast keeps its working memory from one prediction to the next: it must say what one that has seen nothing would.</summary>
public class ForecastMemoryTests
{
    private static readonly string[] Names = ["extract", "load", "index", "report"];

    [Fact]
    public void Predict_AfterAnyEventsAndWithAnyHistory_IsWhatAFreshForecastSays()
    {
        var compared = 0;
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            var pool = Enumerable.Range(0, 7).Select(_ => Play(random, random.Next(2, 20)).ToProfile(200, null)).ToArray();
            var (run, t) = (new TestRun(), 0.0);
            for (var step = 0; step < 25; step++)
            {
                t += random.NextDouble() * 5;
                Step(run, random, t);
                var history = pool[random.Next(3)..][..random.Next(5)];
                var fresh = new Forecast(run.Model);
                Assert.Equal(fresh.Predict(t, history), run.Predict(t, history));
                Assert.Equal(fresh.FindBottleneck(t, history, isOver: false), run.FindBottleneck(t, history));
                Assert.Equal(run.Stages.Select(fresh.RemainingWall), run.Stages.Select(run.RemainingWall));
                compared += run.Predict(t, history) is null ? 0 : 1;
            }
        }

        Assert.InRange(compared, 2_000, int.MaxValue);
    }

    [Fact]
    public void RemainingWall_OfAStageThatCameAfterThePrediction_IsNone()
    {
        var run = new TestRun();
        var first = run.AddStage("first", 2);
        run.Complete(first, 10, run.Start(first, 0));
        Assert.NotNull(run.Predict(10, []));
        Assert.Equal(0, run.RemainingWall(run.AddStage("second", 2)));
    }

    private static TestRun Play(Random random, int steps)
    {
        var run = new TestRun();
        for (var step = 0; step < steps; step++)
        {
            Step(run, random, (step + 1) * random.NextDouble() * 10);
        }

        return run;
    }

    private static void Step(TestRun run, Random random, double t)
    {
        var name = Names[random.Next(Names.Length)];
        var stage = run.Stages.FirstOrDefault(s => s.Name == name) ?? run.AddStage(name, random.Next(3) == 0 ? null : random.Next(1, 30));
        switch (random.Next(8))
        {
            case 0 or 1:
                run.Start(stage, t);
                break;
            case 2 or 3:
                run.Complete(stage, t, t - 1);
                break;
            case 4:
                run.Count(stage, stage.Done + random.Next(1, 4), t, t);
                break;
            case 5:
                run.Expect(stage, random.Next(1, 60), t);
                break;
            case 6:
                run.Report(stage, random.NextDouble(), t);
                break;
            default:
                run.Skip(stage, 1, t);
                break;
        }
    }
}
