using ProgressTelemetry.Model;
using FsCheck;
using FsCheck.Fluent;
using ProgressTelemetry.Estimation;
using Xunit;

namespace ProgressTelemetry.Tests.Estimation;

/// <summary>Whatever happens to a run, in whatever order, by whatever clock: answers are finite, ordered, and never in the past.</summary>
public class EstimatorPropertyTests
{
    private static readonly Gen<double> Moments = Gen.Frequency(
        (8, Gen.Choose(0, 10_000).Select(ms => ms / 1000.0)),
        (3, Gen.Choose(-1_000_000, 1_000_000).Select(s => (double)s)),
        (2, Gen.Constant(0.0)),
        (1, Gen.Elements(double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e12, 5e-324)));

    private static readonly Gen<Step> Steps =
        from kind in Gen.Choose(0, 12)
        from stage in Gen.Choose(0, 3)
        from step in Moments
        from number in Gen.Frequency((6, Gen.Choose(0, 20).Select(n => (long)n)), (1, Gen.Elements(1_000_000L, long.MaxValue)))
        select new Step(kind, stage, step, number);

    private static readonly Gen<Scenario> Scenarios =
        from sizes in Gen.ArrayOf(Gen.Elements<long?>(null, 0, 1, 2, 5, 100, 1_000_000_000_000))
        from steps in Gen.ListOf(Steps)
        from earlier in Gen.ListOf(Steps)
        select new Scenario(sizes, [.. steps], [.. earlier]);

    [Fact]
    public void AnyRun_AnyEvents_AnswersAreSound() => Prop.ForAll(Scenarios.ToArbitrary(), scenario =>
    {
        var history = Array.Empty<RunProfile>();
        Play(scenario.Sizes, scenario.Earlier, (_, _) => { }, out var earlier, out var end);
        var profile = earlier.ToProfile(end, null);
        Assert.True(profile.IsValid);
        Play(scenario.Sizes, scenario.Steps, (run, t) =>
        {
            AssertSound(run, t, history);
            AssertSound(run, t, [profile, profile]);
        }, out _, out _);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void AnyRun_AnyEvents_WallsIdleAndWaitsAddUpToTheElapsedTime() => Prop.ForAll(Scenarios.ToArbitrary(), scenario =>
        Play(scenario.Sizes, scenario.Steps, (run, t) =>
        {
            var tolerance = 1e-9 * Math.Max(1, t);
            var shared = run.Stages.Sum(s => run.WallAt(s, t)) + run.Waited(t);
            Assert.InRange(shared, t - run.IdleAt(t) - tolerance, t + tolerance);
            Assert.All(run.Stages, s => Assert.InRange(run.WaitAt(s, t), 0, t));
            Assert.InRange(run.Stages.Sum(s => run.BlockedAt(s, t)), run.Waited(t) - tolerance, run.Waited(t) + tolerance);
        }, out _, out _)).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Theory]
    [InlineData(0)]
    [InlineData(.5)]
    [InlineData(1)]
    public void TenThousandStages_AnyShareOfThemDone_AnswersAreSound(double share)
    {
        const int Stages = 10_000;
        var history = new[] { Sequence(Stages, Stages).ToProfile(Stages, null) };
        var t = (Stages * share) + .5;
        AssertSound(Sequence(Stages, (int)(Stages * share)), t, history);
        AssertSound(Sequence(Stages, (int)(Stages * share)), t, []);
    }

    [Fact]
    public void OneTask_AtEveryMoment_AnswersAreSound()
    {
        var run = new RunModel();
        var stage = run.AddStage("only", 1);
        AssertSound(run, 0, []);
        run.Start(stage, 0);
        AssertSound(run, 0, []);
        AssertSound(run, 1e-9, []);
        AssertSound(run, 1e6, []);
        run.Complete(stage, 1e6, 0);
        AssertSound(run, 1e6, []);
        AssertSound(run, 2e6, [run.ToProfile(1e6, null)]);
    }

    [Fact]
    public void TasksOfNoDuration_AnswersAreSound()
    {
        var run = new RunModel();
        var stage = run.AddStage("instant", 1000);
        for (var i = 0; i < 500; i++)
        {
            run.Start(stage, 0);
            run.Complete(stage, 0, 0);
        }

        AssertSound(run, 0, []);
        AssertSound(run, 1, []);
        AssertSound(run, 1, [run.ToProfile(0, null)]);
        Assert.NotNull(run.Predict(1, []));
    }

    private static void AssertSound(RunModel run, double t, RunProfile[] history)
    {
        if (run.Predict(t, history) is { } estimate)
        {
            Assert.True(double.IsFinite(estimate.High));
            Assert.True(t <= estimate.Low, $"{estimate} at {t}");
            Assert.True(estimate.Low <= estimate.Expected, $"{estimate} at {t}");
            Assert.True(estimate.Expected <= estimate.High, $"{estimate} at {t}");
            Assert.True(estimate.Low < estimate.High, $"{estimate} at {t}");
        }

        var bottleneck = run.FindBottleneck(t, history);
        Assert.InRange(bottleneck.Share, 0, 1);
        Assert.Equal(bottleneck.Kind == BottleneckKind.Stage, bottleneck.Stage is not null);
        Assert.InRange(run.SilenceLimit(history), SilenceConstants.ShortestLimit, double.MaxValue);
        Assert.InRange(run.SilenceAt(t), 0, t);
    }

    private static RunModel Sequence(int stages, int done)
    {
        var run = new RunModel();
        for (var i = 0; i < stages; i++)
            run.AddStage($"s{i}", 1);
        for (var i = 0; i < done; i++)
        {
            run.Start(run.Stages[i], i);
            run.Complete(run.Stages[i], i + 1, i);
        }

        if (done < stages)
            run.Start(run.Stages[done], done);
        return run;
    }

    private static void Play(long?[] sizes, List<Step> steps, Action<RunModel, double> look, out RunModel run, out double end)
    {
        run = new RunModel();
        for (var i = 0; i < sizes.Length; i++)
            run.AddStage($"s{i}", sizes[i]);
        var (t, latest, started) = (0.0, 0.0, new Stack<(StageModel, double)>());
        foreach (var step in steps)
        {
            t += double.IsFinite(t + step.Advance) ? step.Advance : 0;
            var given = double.IsFinite(step.Advance) ? t : step.Advance;
            Apply(run, run.AddStage($"s{step.Stage}", null), step, given, started);
            latest = double.IsFinite(given) ? Math.Max(latest, given) : latest;
            look(run, latest);
            look(run, latest + 1);
        }

        end = latest;
    }

    private static void Apply(RunModel run, StageModel stage, Step step, double t, Stack<(StageModel Stage, double Started)> started)
    {
        switch (step.Kind)
        {
            case 0 or 1:
                run.Start(stage, t);
                started.Push((stage, t));
                break;
            case 2 or 3 when started.TryPop(out var task):
                run.Complete(task.Stage, t, task.Started);
                break;
            case 4:
                run.Enter(stage, t);
                break;
            case 5:
                run.Leave(stage, t, finished: step.Number % 2 == 0);
                break;
            case 6:
                run.Count(stage, step.Number, t - 1, t);
                break;
            case 7:
                run.BeginWait(stage, t);
                break;
            case 8:
                run.EndWait(stage, t);
                break;
            case 9:
                run.Expect(stage, step.Number, t);
                break;
            case 10:
                stage.SetPartialWork(step.Advance / 10);
                break;
            case 11:
                stage.SetSkipped(stage.Counts.Skipped + Math.Min(step.Number, 100));
                break;
            default:
                run.ExpectTotal(step.Number);
                break;
        }
    }

    private sealed record Step(int Kind, int Stage, double Advance, long Number);

    /// <summary>Printed when a property fails.</summary>
    private sealed record Scenario(long?[] Sizes, List<Step> Steps, List<Step> Earlier)
    {
        public override string ToString() =>
            $"sizes {string.Join(' ', Sizes.Select(n => n?.ToString() ?? "-"))}{Environment.NewLine}{string.Join(Environment.NewLine, Steps)}{Environment.NewLine}earlier {string.Join(Environment.NewLine, Earlier)}";
    }
}
