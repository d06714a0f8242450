using System.Runtime.CompilerServices;
using ProgressTelemetry.Tests.Support;

namespace ProgressTelemetry.Tests.Loops;

public sealed class TrackProgressTests : IDisposable
{
    private readonly TrackerFixture _fixture = new();
    private readonly WorkflowRun _run;
    private readonly WorkflowStage _stage;

    public TrackProgressTests()
    {
        _run = _fixture.Tracker.StartWorkflow("w");
        _stage = _run.StartStage("s");
    }

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void TrackProgress_OfAList_ExpectsItsCountAndCountsEachWhenItIsDone()
    {
        List<long> done = [];
        List<int> items = [.. new[] { 1, 2, 3, 4 }.TrackProgress(_stage).Select(item =>
        {
            done.Add(_run.GetStatus().CompletedTasks);
            Assert.Equal(4, _run.GetStatus().ExpectedTasks);
            return item;
        })];
        Assert.Equal([1, 2, 3, 4], items);
        Assert.Equal([0, 1, 2, 3], done);
        Assert.Equal(1, _run.GetStatus().CompletionRatio);
    }

    [Fact]
    public void TrackProgress_OfUnknownCount_ExpectsNothing()
    {
        static IEnumerable<int> Unknown()
        {
            yield return 1;
            yield return 2;
        }

        foreach (var item in Unknown().TrackProgress(_stage))
        {
            Assert.Null(_run.GetStatus().ExpectedTasks);
            Assert.Equal(item - 1, _run.GetStatus().CompletedTasks);
        }

        Assert.Equal(2, _run.GetStatus().CompletedTasks);
    }

    [Fact]
    public void TrackProgress_TwoLoopsSideBySide_ExpectBoth()
    {
        using var first = Enumerable.Range(0, 100).ToList().TrackProgress(_stage).GetEnumerator();
        using var second = Enumerable.Range(0, 100).ToList().TrackProgress(_stage).GetEnumerator();
        for (var i = 0; i < 51; i++)
        {
            Assert.True(first.MoveNext());
            Assert.True(second.MoveNext());
        }

        Assert.Equal((100, 200), (_run.GetStatus().CompletedTasks, _run.GetStatus().ExpectedTasks));
    }

    [Fact]
    public void TrackProgress_AfterALoopThatWasLeft_ExpectsItsOwnOnTopOfWhatIsDone()
    {
        foreach (var item in Enumerable.Range(0, 100).ToList().TrackProgress(_stage))
        {
            if (item == 40)
            {
                break;
            }
        }

        foreach (var _ in Enumerable.Range(0, 100).ToList().TrackProgress(_stage))
        {
            Assert.Equal(140, _run.GetStatus().ExpectedTasks);
        }
    }

    [Fact]
    public void TrackProgress_OfAnAttemptThatAnnouncedTheSame_ExpectsItOnce()
    {
        var stage = _run.StartStage("announced", 3);
        foreach (var _ in new[] { 1, 2, 3 }.TrackProgress(stage))
        {
            Assert.Equal(3, _run.GetStatus().Stages[1].ExpectedTasks);
        }
    }

    [Fact]
    public void TrackProgress_LeftOrThrown_DoesNotCountThatItem()
    {
        foreach (var item in (int[])[1, 2, 3])
        {
            Assert.True(item > 0);
        }

        foreach (var item in new[] { 1, 2, 3 }.TrackProgress(_stage))
        {
            if (item == 2)
            {
                break;
            }
        }

        Assert.Equal(1, _run.GetStatus().CompletedTasks);
        Assert.Throws<FormatException>(() =>
        {
            foreach (var item in new[] { 1, 2, 3 }.TrackProgress(_stage))
            {
                _ = item == 3 ? throw new FormatException() : item;
            }
        });
        Assert.Equal(3, _run.GetStatus().CompletedTasks);
        Assert.Equal(4, _run.GetStatus().ExpectedTasks);
    }

    [Fact]
    public void TrackProgress_OfNothing_ExpectsNoTasks()
    {
        Assert.Empty(Array.Empty<int>().TrackProgress(_stage));
        Assert.Equal(0, _run.GetStatus().ExpectedTasks);
        _run.Complete();
        Assert.Equal(1, _run.GetStatus().CompletionRatio);
    }

    [Fact]
    public void TrackProgress_NotEnumerated_DoesNothing()
    {
        _ = new[] { 1 }.TrackProgress(_stage);
        Assert.Null(_run.GetStatus().ExpectedTasks);
    }

    [Fact]
    public void TrackProgress_AfterTheStagesEnd_StillYieldsAll()
    {
        _stage.Complete();
        Assert.Equal([1, 2], new[] { 1, 2 }.TrackProgress(_stage));
        Assert.Equal(3, _fixture.Errors("late_update"));
    }

    [Fact]
    public void TrackProgress_OfNull_IsRefusedAtTheCall()
    {
        Assert.Throws<ArgumentNullException>(() => ((IEnumerable<int>)null!).TrackProgress(_stage));
        Assert.Throws<ArgumentNullException>(() => Array.Empty<int>().TrackProgress(null!));
        Assert.Throws<ArgumentNullException>(() => ((IAsyncEnumerable<int>)null!).TrackProgress(_stage));
    }

    [Fact]
    public async Task TrackProgress_OfAStream_CountsEachWhenItIsDone()
    {
        await foreach (var item in Stream(5).TrackProgress(_stage))
        {
            Assert.Equal(item, _run.GetStatus().CompletedTasks);
        }

        Assert.Equal(5, _run.GetStatus().CompletedTasks);
        Assert.Null(_run.GetStatus().ExpectedTasks);
    }

    [Fact]
    public async Task TrackProgress_OfAStreamLeftOrEmpty_DisposesIt()
    {
        await foreach (var item in Stream(5).TrackProgress(_stage))
        {
            if (item == 2)
            {
                break;
            }
        }

        Assert.Equal(2, _run.GetStatus().CompletedTasks);
        Assert.Equal(1, _disposed);
        await foreach (var _ in Stream(0).TrackProgress(_stage))
        {
            Assert.Fail("there is nothing in it");
        }

        Assert.Equal(2, _disposed);
    }

    [Fact]
    public async Task TrackProgress_OfAStreamThatThrowsOrIsCancelled_PassesItOn()
    {
        using var source = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var item in Stream(5).TrackProgress(_stage, source.Token))
            {
                if (item == 1)
                {
                    await source.CancelAsync();
                }
            }
        });
        Assert.Equal(2, _run.GetStatus().CompletedTasks);
        using var other = new CancellationTokenSource();
        await other.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var item in Stream(5).TrackProgress(_stage).WithCancellation(other.Token))
            {
                Assert.Fail($"{item} after the cancellation");
            }
        });
    }

    private int _disposed;

    private async IAsyncEnumerable<int> Stream(int count, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            for (var i = 0; i < count; i++)
            {
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                yield return i;
            }
        }
        finally
        {
            _disposed++;
        }
    }
}
