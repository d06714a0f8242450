using Xunit;

namespace ProgressTelemetry.Tests.Reporting;

/// <summary>What a report recommends, on what evidence, for what gain; and that it holds its tongue where nothing is measured.</summary>
public sealed class RecommendationTests : IDisposable
{
    private readonly ReportRun _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Recommendations_OneStageDominates_HalvingItIsWorthHalfItsShare()
    {
        var report = _runs.Play(null, ("fetch", 10), ("parse", 10), ("index", 62), ("check", 9), ("publish", 9));

        var advice = Assert.Single(report.Recommendations);
        Assert.Equal((FindingKind.Stage, "index"), (advice.Kind, advice.Stage));
        Assert.Equal(.31, advice.ExpectedGain, 6);
        Assert.Contains("halving it would shorten a run like this by about 31 %", advice.Action, StringComparison.Ordinal);
        Assert.Equal("‘index’ takes 1 min 02 s of the run's 1 min 40 s (62 %).", advice.Evidence);
        Assert.Equal(new BottleneckStatus(BottleneckKind.Stage, "index", .62), report.Status.Bottleneck! with { Share = Math.Round(report.Status.Bottleneck!.Share, 9) });
    }

    [Fact]
    public void Recommendations_StagesAreEven_None()
    {
        var report = _runs.Play(null, ("a", 20), ("b", 21), ("c", 19), ("d", 20), ("e", 20));

        Assert.Empty(report.Recommendations);
        Assert.Equal(FindingKind.Stage, Assert.Single(report.Bottlenecks).Kind);
        Assert.Contains("None: nothing stands out.", report.ToMarkdown(), StringComparison.Ordinal);
        Assert.Contains("None: nothing stands out.", report.ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void Performance_AttemptsFailed_AreCountedApartFromFailedTasks()
    {
        var run = _runs.Tracker.StartWorkflow("w");
        var task = run.StartStage("pull", 1).StartTask();
        task.Retry();
        task.Retry();
        task.Complete();
        run.Complete();
        var report = run.GetReport();

        Assert.Contains("| Failed attempts at tasks | 2 |", report.ToMarkdown(), StringComparison.Ordinal);
        Assert.Contains("Failed attempts at tasks", report.ToHtml(), StringComparison.Ordinal);
        Assert.DoesNotContain("Failed, skipped", report.ToMarkdown(), StringComparison.Ordinal);
        Assert.DoesNotContain("Attempts at the run", report.ToMarkdown(), StringComparison.Ordinal);
    }

    [Fact]
    public void Recommendations_OnlyOneStage_None() => Assert.Empty(_runs.Play(null, ("all", 100)).Recommendations);

    [Fact]
    public void Recommendations_WorkWasSentBack_NameReworkInNumbers()
    {
        var run = _runs.Tracker.StartWorkflow("w", new WorkflowRunOptions { Stages = ["plan", "draft", "review", "art", "publish"] });
        _runs.Stage(run, "plan", 20);
        _runs.Stage(run, "draft", 20);
        for (var i = 0; i < 2; i++)
        {
            _runs.Stage(run, "review", 5).RecordRevision("too long");
            _runs.Stage(run, "draft", 5);
        }

        _runs.Stage(run, "art", 20);
        _runs.Stage(run, "publish", 20);
        run.Complete();
        var report = run.GetReport();

        // Review has three spans' worth of nothing but its own two; its second is the rework: 5 s of 100.
        var finding = Assert.Single(report.Bottlenecks, b => b.Kind == FindingKind.Revisions);
        Assert.Equal("review", finding.Stage);
        Assert.Equal(.05, finding.Share, 6);
        Assert.Equal("‘review’ was sent back twice (100 % of the run's 2 revisions); doing it again took 5 s of 1 min 40 s (5 %).", finding.Evidence);
        Assert.DoesNotContain(report.Recommendations, r => r.Kind == FindingKind.Revisions);
        Assert.Equal([3, 2], report.Stages.Where(s => s.Name is "draft" or "review").Select(s => s.Attempts.Count));
    }

    [Fact]
    public void Recommendations_ReworkIsLarge_HalvingItIsRecommended()
    {
        var run = _runs.Tracker.StartWorkflow("w", new WorkflowRunOptions { Stages = ["plan", "draft", "art", "publish"] });
        _runs.Stage(run, "plan", 20);
        _runs.Stage(run, "draft", 10).RecordRevision();
        _runs.Stage(run, "draft", 20);
        _runs.Stage(run, "art", 25);
        _runs.Stage(run, "publish", 25);
        run.Complete();

        var advice = Assert.Single(run.GetReport().Recommendations);
        Assert.Equal((FindingKind.Revisions, "draft"), (advice.Kind, advice.Stage));
        Assert.Equal(.1, advice.ExpectedGain, 6);
        Assert.Contains("20 s of 1 min 40 s (20 %)", advice.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void Recommendations_StageSlowerThanHistory_NamesFactorAndVersion()
    {
        foreach (var version in (string[])["1.0", "1.1", "2.0"])
        {
            _runs.Play(version, ("a", 20), ("b", version == "2.0" ? 40 : 20), ("c", 20), ("d", 20));
        }

        var report = _runs.Play("2.1", ("a", 20), ("b", 40), ("c", 20), ("d", 20));

        var than = report.Stages[1].SlowerThanHistory!;
        Assert.Equal(2, than.Factor, 6);
        Assert.Equal((2, "2.0"), (than.EarlierRuns, than.SinceVersion));
        var advice = Assert.Single(report.Recommendations, r => r.Kind == FindingKind.Slower);
        Assert.Equal("b", advice.Stage);
        Assert.Equal(.2, advice.ExpectedGain, 6);
        Assert.Contains("since version ‘2.0’", advice.Action, StringComparison.Ordinal);
        Assert.Equal("A task of ‘b’ takes 40 s, 2.0 times as long as in 2 earlier runs (20 s).", advice.Evidence);
        Assert.All(report.Stages.Where(s => s.Name != "b"), s => Assert.Null(s.SlowerThanHistory));
    }

    [Fact]
    public void SlowerThanHistory_EarlierRunCarriedNoVersion_NamesNone()
    {
        _runs.Play(null, ("a", 20), ("b", 20), ("c", 20));

        var than = _runs.Play("2.0", ("a", 20), ("b", 40), ("c", 20)).Stages[1].SlowerThanHistory!;
        Assert.Equal((1, null), (than.EarlierRuns, than.SinceVersion));
    }

    [Fact]
    public void SlowerThanHistory_EarlierRunsDisagree_ClaimsNothing()
    {
        _runs.Play(null, ("a", 20), ("b", 40), ("c", 20));
        _runs.Play(null, ("a", 20), ("b", 20), ("c", 20));

        // The newest earlier run was fast and the one before it slow: that is how much they differ.
        Assert.Null(_runs.Play(null, ("a", 20), ("b", 40), ("c", 20)).Stages[1].SlowerThanHistory);
    }

    [Fact]
    public void Recommendations_TasksAreStartedTooLate_NameDispatchAndNoStage()
    {
        var run = _runs.Tracker.StartWorkflow("w", new WorkflowRunOptions { Stages = [new("a", 4), new("b", 1)] });
        var stage = run.StartStage("a");
        for (var i = 0; i < 4; i++)
        {
            using var task = stage.StartTask();
            _runs.Wait(5);
            task.Complete();
            _runs.Wait(20);
        }

        run.Complete();
        var report = run.GetReport();

        Assert.Equal(BottleneckKind.Dispatch, report.Status.Bottleneck!.Kind);
        var advice = Assert.Single(report.Recommendations);
        Assert.Equal(FindingKind.Dispatch, advice.Kind);
        Assert.Equal(.4, advice.ExpectedGain, 6);
        Assert.StartsWith("For 1 min 20 s of 1 min 40 s (80 %) nothing ran", advice.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void Recommendations_RunWaits_NameTheWaitingStage()
    {
        var run = _runs.Tracker.StartWorkflow("w", new WorkflowRunOptions { Stages = [new("build", 1), new("approve", 1), new("deploy", 1)] });
        _runs.Stage(run, "build", 20);
        var approve = run.StartStage("approve");
        using (approve.Wait("approval"))
        {
            _runs.Wait(60);
        }

        approve.Complete();
        _runs.Stage(run, "deploy", 20);
        run.Complete();
        var report = run.GetReport();

        var advice = Assert.Single(report.Recommendations);
        Assert.Equal((FindingKind.Waiting, "approve"), (advice.Kind, advice.Stage));
        Assert.Equal(.3, advice.ExpectedGain, 6);
        Assert.Equal(new StageSpan(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(80), null), Assert.Single(report.Stages[1].Waits));
    }

    [Fact]
    public void Bottleneck_IsAStageThatOnlyEarlierRunsHad_IsNamedAsToCome()
    {
        var earlier = _runs.Tracker.StartWorkflow("w");
        _runs.Stage(earlier, "load", 10);
        _runs.Stage(earlier, "index", 100);
        earlier.Complete();

        var run = _runs.Tracker.StartWorkflow("w");
        run.StartStage("load");
        _runs.Wait(5);
        var report = run.GetReport();

        var finding = Assert.Single(report.Bottlenecks, b => b.Kind == FindingKind.Stage);
        Assert.Equal("index", finding.Stage);
        Assert.StartsWith("‘index’ has not started; by the earlier runs it is predicted to take 9", finding.Evidence, StringComparison.Ordinal);
        Assert.Contains("index", report.ToMarkdown(), StringComparison.Ordinal);
        Assert.Contains("index", report.ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void Recommendations_EarlyWaitOfALongRun_IsWorthItsShareOfTheWhole()
    {
        for (var i = 0; i < 2; i++)
        {
            _runs.Play(null, ("approve", 60), ("work", 3540));
        }

        var run = _runs.Tracker.StartWorkflow("w", new WorkflowRunOptions { Stages = [new("approve", 1), new("work", 1)] });
        using (run.StartStage("approve").Wait("approval"))
        {
            _runs.Wait(50);
        }

        _runs.Wait(10);
        Assert.DoesNotContain(run.GetReport().Recommendations, r => r.Kind == FindingKind.Waiting);
    }

    [Fact]
    public void Recommendations_ReworkBesideALongerBranch_GainsNothing()
    {
        var run = _runs.Tracker.StartWorkflow("w", new WorkflowRunOptions { Stages = [new("long", 1), new("draft", 1), new("out", 1, ["long", "draft"])] });
        var longest = run.StartStage("long");
        _runs.Stage(run, "draft", 30).RecordRevision();
        _runs.Stage(run, "draft", 30);
        _runs.Wait(40);
        longest.Complete();
        _runs.Stage(run, "out", 1);
        run.Complete();

        var report = run.GetReport();
        Assert.Single(report.Bottlenecks, b => b.Kind == FindingKind.Revisions);
        Assert.DoesNotContain(report.Recommendations, r => r.Kind == FindingKind.Revisions);
    }

    [Fact]
    public void Recommendations_ManyAttemptsAndOneRevision_CountOneAttemptAsRework()
    {
        var run = _runs.Tracker.StartWorkflow("w", new WorkflowRunOptions { Stages = ["batch"] });
        for (var i = 0; i < 10; i++)
        {
            _runs.Stage(run, "batch", 10);
        }

        _runs.Stage(run, "batch", 10).RecordRevision();
        run.Complete();

        var finding = Assert.Single(run.GetReport().Bottlenecks, b => b.Kind == FindingKind.Revisions);
        Assert.Equal(1 / 11.0, finding.Share, 6);
        Assert.Contains("doing it again took about 10 s", finding.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void CriticalChain_TwoBranches_GainIsWhatTheOtherLeaves()
    {
        var run = _runs.Tracker.StartWorkflow("w", new WorkflowRunOptions
        {
            Stages = [new("in", 1), new("long", 1, ["in"]), new("short", 1, ["in"]), new("out", 1, ["long", "short"])],
        });
        _runs.Stage(run, "in", 10);
        var (slow, quick) = (run.StartStage("long"), run.StartStage("short"));
        _runs.Wait(60);
        quick.Complete();
        _runs.Wait(20);
        slow.Complete();
        _runs.Stage(run, "out", 10);
        run.Complete();
        var report = run.GetReport();

        Assert.Equal(["in", "long", "out"], report.CriticalChain);
        Assert.Equal([true, true, false, true], report.Stages.Select(s => s.IsCritical));

        // Wall time says 25 % for half of it; but after 20 s less the other branch decides.
        var advice = Assert.Single(report.Recommendations);
        Assert.Equal("long", advice.Stage);
        Assert.Equal(.2, advice.ExpectedGain, 6);
        Assert.Contains(report.Bottlenecks, b => b.Kind == FindingKind.Chain && b.Evidence.Contains("‘in’ → ‘long’ → ‘out’: 1 min 40 s in a row, 80 % of it in ‘long’", StringComparison.Ordinal));
    }
}
