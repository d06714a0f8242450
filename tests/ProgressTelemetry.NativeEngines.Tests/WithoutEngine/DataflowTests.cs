using System.Threading.Channels;
using System.Threading.Tasks.Dataflow;
using ProgressTelemetry.Dataflow;

namespace ProgressTelemetry.NativeEngines.Tests.WithoutEngine;

public sealed class DataflowTests : IDisposable
{
    private readonly EngineFixture _engine = new();
    private readonly WorkflowStage _stage;

    public DataflowTests() => _stage = _engine.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "run" }).StartStage("load");

    private StageStatus Status => _engine.Tracker.GetStatus("run")!.Stages[0];

    [Fact]
    public async Task Each_InAParallelLoop_CountsWhatIsDoneAndNotWhatWasFetched()
    {
        _stage.ExpectTasks(4);
        var loop = Parallel.ForEachAsync(
            Enumerable.Range(1, 4),
            new ParallelOptions { MaxDegreeOfParallelism = 2 },
            _stage.Each<int>(async (item, _) => await Gate.PassAsync(_engine.Test, $"{item}")));
        await Task.WhenAll(_engine.Gate("1").Reached, _engine.Gate("2").Reached);
        Assert.Equal((0L, 2L, 4L), (Status.CompletedTasks, Status.RunningTasks, Status.ExpectedTasks!.Value));

        Array.ForEach(["1", "2", "3", "4"], item => _engine.Gate(item).Open());
        await loop.Within();
        Assert.Equal((4L, 0L), (Status.CompletedTasks, Status.RunningTasks));
    }

    [Fact]
    public async Task Each_InBlocks_CountsAndFailsWhatFails()
    {
        var parse = new TransformBlock<string, int>(_stage.Each<string, int>(int.Parse));
        var total = 0;
        var add = new ActionBlock<int>(_stage.Each<int>(item =>
        {
            WorkflowStage.Current!.RecordItems("number", 1);
            total += item;
            return Task.CompletedTask;
        }));
        parse.LinkTo(add, new DataflowLinkOptions { PropagateCompletion = true });
        Array.ForEach(["1", "2"], item => parse.Post(item));
        parse.Complete();
        await add.Completion.Within();
        Assert.Equal((3, 4L, 2L), (total, Status.CompletedTasks, Status.Items["number"]));

        var broken = new TransformBlock<string, int>(_stage.Each<string, int>(int.Parse));
        broken.Post("x");
        await Assert.ThrowsAsync<FormatException>(() => broken.Completion.Within());
        Assert.Equal(1, Status.FailedTasks);
    }

    [Fact]
    public async Task Each_WithResultsToCome_ReturnsThem()
    {
        var length = _stage.Each<string, int>(async text => await Task.FromResult(text.Length));
        Assert.Equal(5, await length("three"));
        Assert.Equal(1, Status.CompletedTasks);
    }

    [Fact]
    public async Task TrackProgress_OfAChannel_CountsWhatItsConsumerIsDoneWith()
    {
        var channel = Channel.CreateUnbounded<int>();
        Array.ForEach([1, 2, 3], item => channel.Writer.TryWrite(item));
        channel.Writer.Complete();
        await foreach (var item in channel.Reader.ReadAllAsync().TrackProgress(_stage))
        {
            Assert.Equal(item - 1, Status.CompletedTasks);
        }

        Assert.Equal(3, Status.CompletedTasks);
    }

    public void Dispose() => _engine.Dispose();
}
