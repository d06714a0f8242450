using Xunit;

namespace ProgressTelemetry.Tests.Storage;

/// <summary>Any process lists, shows and reports on all processes' runs.</summary>
public sealed class ListedRunsTests : IDisposable
{
    private readonly StoreFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task List_RunsOfOthers_AreInTheirOrderAmongOnesOwn()
    {
        var (worker, page) = (await _fixture.StartProcessAsync(), await _fixture.StartProcessAsync());
        worker.StartWorkflow("import", Options("a")).StartStage("load", 10).CompleteTasks(4);
        await _fixture.PassAsync(1, worker);
        page.StartWorkflow("import", Options("b"));
        await _fixture.PassAsync(1, worker);
        worker.StartWorkflow("export", Options("c")).StartStage("write");
        var late = worker.StartWorkflow("import", new WorkflowRunOptions { RunId = "late", Deadline = _fixture.Clock.GetUtcNow().AddSeconds(1) });
        worker.StartWorkflow("import", Options("over")).Complete();
        await _fixture.PassAsync(3, worker, page);

        var all = page.List(new RunQuery());
        Assert.Equal(["late", "a", "b", "c", "over"], all.Runs.Select(run => run.RunId));
        Assert.Equal((5, 4), (all.Total, all.Active));
        Assert.Equal(["export", "import"], all.Workflows);
        Assert.Equal(.4, all.Runs[1].CompletionRatio);
        Assert.Equal(["a", "b"], page.List(new RunQuery { Skip = 1, Take = 2 }).Runs.Select(run => run.RunId));
        Assert.Equal(["c"], page.List(new RunQuery { Text = "RITE" }).Runs.Select(run => run.RunId));
        Assert.Equal(["c"], page.List(new RunQuery { Workflow = "export" }).Runs.Select(run => run.RunId));
        Assert.Equal(["over"], page.List(new RunQuery { States = [WorkflowState.Succeeded] }).Runs.Select(run => run.RunId));
        Assert.Equal(4, page.List(new RunQuery { IncludeEnded = false }).Total);
        Assert.Equal(["late", "c", "over"], page.List(new RunQuery { Since = late.GetStatus().StartedAt }).Runs.Select(run => run.RunId));

        // A run of one's own isn't told of twice, though the store knows it too.
        Assert.Equal(5, worker.List(new RunQuery()).Total);
    }

    [Fact]
    public async Task List_OfAProcessThatIsNoMore_IsAbandoned()
    {
        var (worker, page) = (await _fixture.StartProcessAsync(), await _fixture.StartProcessAsync());
        worker.StartWorkflow("import", Options("a"));
        await StoreFixture.SyncAsync(worker, page);
        _fixture.Kill(worker);
        Assert.Equal(1, page.List(new RunQuery()).Active);
        await _fixture.PassAsync(31, page);
        var listed = Assert.Single(page.List(new RunQuery { States = [WorkflowState.Abandoned] }).Runs);
        Assert.Equal(("a", WorkflowResult.Abandoned, ParticipantState.Gone), (listed.RunId, listed.Result, Assert.Single(listed.Participants).State));
        Assert.Equal((0, 1), (page.List(new RunQuery()).Active, page.List(new RunQuery()).Total));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GetReport_OfARunElsewhere_TellsWhatItsOwnProcessTells(bool ends)
    {
        var (worker, page) = (await _fixture.StartProcessAsync(), await _fixture.StartProcessAsync());
        var run = worker.StartWorkflow("import", Options("a"));
        var scan = run.StartStage("scan", 10);
        await _fixture.PassAsync(20, worker);
        scan.CompleteTasks(10);
        scan.Complete();
        var load = run.StartStage("load", 100);
        await _fixture.PassAsync(30, worker);
        load.CompleteTasks(60);
        if (ends)
        {
            load.Complete();
            run.Complete();
        }

        await StoreFixture.SyncAsync(worker, page);
        var (here, there) = (worker.GetReport("a")!, page.GetReport("a")!);
        Assert.Equal(here.Status.State, there.Status.State);
        Assert.Equal(
            here.Status.Stages.Select(stage => (stage.Name, stage.State, stage.CompletedTasks, Math.Round(stage.WallTime.TotalSeconds))),
            there.Status.Stages.Select(stage => (stage.Name, stage.State, stage.CompletedTasks, Math.Round(stage.WallTime.TotalSeconds))));
        Assert.Equal(here.Stages.Select(stage => Math.Round(stage.WallShare, 2)), there.Stages.Select(stage => Math.Round(stage.WallShare, 2)));
        Assert.Equal(here.Stages[0].Attempts, there.Stages[0].Attempts);
        Assert.Contains("scan", there.ToHtml(), StringComparison.Ordinal);
        Assert.Contains("scan", there.ToMarkdown(), StringComparison.Ordinal);
        Assert.Null(page.GetReport("another"));
    }

    [Fact]
    public async Task StartWorkflow_AfterRunsElsewhere_KnowsHowLongTheyTook()
    {
        var (worker, other) = (await _fixture.StartProcessAsync(), await _fixture.StartProcessAsync());
        for (var i = 0; i < 3; i++)
        {
            var run = worker.StartWorkflow("import", Options($"a{i}"));
            var load = run.StartStage("load", 60);
            for (var second = 0; second < 60; second++)
            {
                load.CompleteTask();
                await _fixture.PassAsync(1, worker);
            }

            load.Complete();
            run.Complete();
        }

        worker.StartWorkflow("import", Options("bad")).Fail();
        await StoreFixture.SyncAsync(worker, other);

        // One that was there, and one that comes later: both have heard of three good runs.
        foreach (var process in new[] { other, await _fixture.StartProcessAsync() })
        {
            var next = process.StartWorkflow("import", Options("next " + process.GetHashCode()));
            Assert.Equal(3, next.Live.Model.History.Length);
            next.StartStage("load", 60);
            await _fixture.PassAsync(3, process);
            Assert.InRange(next.GetStatus().Estimate!.Remaining.TotalSeconds, 45, 90);
            next.Fail();
        }
    }

    private static WorkflowRunOptions Options(string id) => new() { RunId = id };
}
