using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using ProgressTelemetry.AspNetCore.Endpoints;
using ProgressTelemetry.AspNetCore.Live;
using ProgressTelemetry.AspNetCore.Tests.Support;
using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.AspNetCore.Tests;

public sealed class ProgressFeedTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly ProgressTracker _tracker;
    private readonly ProgressFeed _feed;
    private int _made;
    private Func<int, Frame> _make = number => new Frame(Encoding.UTF8.GetBytes($"{number}"), HasActiveRuns: false);

    public ProgressFeedTests()
    {
        _tracker = new ProgressTracker(timeProvider: _clock);
        _feed = new ProgressFeed(_tracker, _ => request => _make(Interlocked.Increment(ref _made)), _clock, NullLogger.Instance);
    }

    public void Dispose() => _tracker.Dispose();

    [Fact]
    public async Task Progress_NobodyReads_MakesNoFrame()
    {
        await MakeProgressAsync();
        _clock.Advance(ProgressFeed.IdleRefresh * 2);
        Assert.Equal(0, _made);
        Assert.Equal(0, _feed.Clients);

        using var client = _feed.Connect(RunsRequest.All);

        Assert.Equal("1", await ReadAsync(client));
    }

    [Fact]
    public async Task Progress_AfterTheLastReaderLeft_MakesNoFrame()
    {
        var timers = _clock.ActiveTimers;
        var client = _feed.Connect(RunsRequest.All);
        Assert.Equal("1", await ReadAsync(client));

        client.Dispose();

        // The loop's timer is gone once the loop is.
        await UntilAsync(() => _clock.ActiveTimers == timers);
        await MakeProgressAsync();
        _clock.Advance(ProgressFeed.IdleRefresh * 2);
        Assert.Equal(1, _made);
    }

    [Fact]
    public async Task Progress_ManyUpdatesInATick_AreOneFrame()
    {
        using var client = _feed.Connect(RunsRequest.All);
        Assert.Equal("1", await ReadAsync(client));

        for (var i = 0; i < 100; i++)
        {
            await MakeProgressAsync();
        }

        _clock.Advance(ProgressFeed.Tick);
        Assert.Equal("2", await ReadAsync(client));
        await MakeProgressAsync();
        _clock.Advance(ProgressFeed.Tick);
        Assert.Equal("3", await ReadAsync(client));
    }

    [Fact]
    public async Task Progress_SeveralReaders_ShareOneFrame()
    {
        using var first = _feed.Connect(RunsRequest.All);
        await ReadAsync(first);
        using var second = _feed.Connect(RunsRequest.All);

        _clock.Advance(ProgressFeed.Tick);

        var one = await first.Frames.ReadAsync().AsTask().Within();
        var other = await second.Frames.ReadAsync().AsTask().Within();
        Assert.True(one.Equals(other), "each reader got bytes of its own");
        Assert.Equal(2, _made);
    }

    [Fact]
    public async Task Progress_ReadersOfTwoPages_GetOneFrameForEachPage()
    {
        using var first = _feed.Connect(RunsRequest.All);
        await ReadAsync(first);
        using var alike = _feed.Connect(RunsRequest.Parse(new QueryCollection()));
        using var other = _feed.Connect(RunsRequest.All with { Skip = 50 });

        _clock.Advance(ProgressFeed.Tick);

        var one = await ReadAsync(first);
        Assert.Equal(one, await ReadAsync(alike));
        Assert.NotEqual(one, await ReadAsync(other));
        Assert.Equal(3, _made);
    }

    [Fact]
    public async Task SlowReader_ManyFrames_KeepsOnlyTheLatest()
    {
        using var quick = _feed.Connect(RunsRequest.All);
        var last = await ReadAsync(quick);
        using var slow = _feed.Connect(RunsRequest.All);
        for (var i = 0; i < 20; i++)
        {
            await MakeProgressAsync();
            _clock.Advance(ProgressFeed.Tick);
            last = await ReadAsync(quick);
        }

        Assert.Equal(1, slow.Frames.Count);
        Assert.Equal(last, await ReadAsync(slow));
    }

    [Fact]
    public async Task NoProgress_RunsActive_RefreshesEverySecond()
    {
        _make = number => new Frame(Encoding.UTF8.GetBytes($"{number}"), HasActiveRuns: true);
        using var client = _feed.Connect(RunsRequest.All);
        await ReadAsync(client);

        // The timer fires once in an advance of one tick, so only the tick that is due makes a frame.
        _clock.Advance(ProgressFeed.ActiveRefresh);

        Assert.Equal("2", await ReadAsync(client));
    }

    [Fact]
    public async Task BigFrames_AreSentOnlyAsFastAsTheirSizeAllows()
    {
        var size = (int)(ProgressFeed.MostBytesPerSecond * 3);
        _make = _ => new Frame(new byte[size], HasActiveRuns: true);
        using var client = _feed.Connect(RunsRequest.All);
        await client.Frames.ReadAsync().AsTask().Within();

        await MakeProgressAsync();
        _clock.Advance(TimeSpan.FromSeconds(2));
        await MakeProgressAsync();
        _clock.Advance(TimeSpan.FromSeconds(1));
        await client.Frames.ReadAsync().AsTask().Within();

        Assert.Equal(2, _made);
    }

    [Fact]
    public async Task MakingAFrameFails_ReadersAreLetGoAndMayComeBack()
    {
        _make = _ => throw new InvalidOperationException("no frame");
        using var client = _feed.Connect(RunsRequest.All);
        Assert.False(await client.Frames.WaitToReadAsync().AsTask().Within());
        Assert.Equal(0, _feed.Clients);

        _make = number => new Frame(Encoding.UTF8.GetBytes("works again"), HasActiveRuns: false);
        using var again = _feed.Connect(RunsRequest.All);

        Assert.Equal("works again", await ReadAsync(again));
    }

    [Fact]
    public async Task Reader_ComesAndGoesManyTimes_LeavesNothingBehind()
    {
        var timers = _clock.ActiveTimers;

        await Parallel.ForAsync(0, 500, async (_, _) =>
        {
            using var client = _feed.Connect(RunsRequest.All);
            await Task.Yield();
        });

        Assert.Equal(0, _feed.Clients);
        await UntilAsync(() => _clock.ActiveTimers == timers);
    }

    private async Task MakeProgressAsync()
    {
        using var run = _tracker.StartWorkflow("import");
        run.StartStage("load", 1).CompleteTask();
        run.Complete();
        await _tracker.DrainAsync();
    }

    private static async Task<string> ReadAsync(FeedClient client) =>
        Encoding.UTF8.GetString((await client.Frames.ReadAsync().AsTask().Within()).Span);

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Eventually.Limit);
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
