using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ProgressTelemetry.AspNetCore.Endpoints;
using ProgressTelemetry.AspNetCore.Live;
using ProgressTelemetry.AspNetCore.Tests.Support;
using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.AspNetCore.Tests;

public sealed class EventStreamTests
{
    [Fact]
    public async Task Events_Connected_SendTheRunsAtOnce()
    {
        await using var app = await ProgressApp.StartAsync();
        app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "a" });

        using var events = await EventReader.OpenAsync(app.Http);
        var frame = await events.NextAsync();

        Assert.Equal("text/event-stream", events.Response.Content.Headers.ContentType?.MediaType);
        Assert.True(events.Response.Headers.CacheControl?.NoStore);
        Assert.Equal(2000, events.RetryMilliseconds);
        Assert.Equal("a", frame!.Value.GetProperty("runs")[0].GetProperty("runId").GetString());
    }

    [Fact]
    public async Task Events_TasksComplete_SayHowFarItIs()
    {
        await using var app = await ProgressApp.StartAsync();
        var run = app.Tracker.StartWorkflow("import");
        var stage = run.StartStage("load", expectedTasks: 10);
        using var events = await EventReader.OpenAsync(app.Http);
        await events.NextAsync();

        for (var done = 1; done <= 10; done += 3)
        {
            stage.CompleteTasks(done == 1 ? 1 : 3);
            await events.NextAsync(frame => frame.GetProperty("runs")[0].GetProperty("completedTasks").GetInt64() == done);
        }

        run.Complete();
        var last = await events.NextAsync(frame => frame.GetProperty("active").GetInt32() == 0);
        Assert.Equal("success", last.GetProperty("runs")[0].GetProperty("result").GetString());
    }

    [Fact]
    public async Task Events_NamesWithLineBreaks_StayOneEvent()
    {
        const string Name = "a\n\ndata: {}\r\rb\u2028c";
        await using var app = await ProgressApp.StartAsync();
        app.Tracker.StartWorkflow(Name);

        using var events = await EventReader.OpenAsync(app.Http);
        var frame = await events.NextAsync();

        Assert.Equal(Name, frame!.Value.GetProperty("runs")[0].GetProperty("workflow").GetString());
    }

    [Fact]
    public async Task Events_WithAQuery_SendThatPageAlone()
    {
        await using var app = await ProgressApp.StartAsync();
        for (var i = 0; i < 10; i++)
        {
            app.Tracker.StartWorkflow(i % 2 == 0 ? "import" : "export", new WorkflowRunOptions { RunId = $"{i}" });
        }

        using var events = await EventReader.OpenAsync(app.Http, "/progress/events?workflow=import&skip=1&take=2");
        var frame = (await events.NextAsync())!.Value;

        Assert.Equal(["2", "4"], frame.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("runId").GetString()));
        Assert.Equal((5, 10), (frame.GetProperty("total").GetInt32(), frame.GetProperty("overall").GetProperty("active").GetInt32()));
    }

    [Fact]
    public async Task Events_BadQuery_AreRefused()
    {
        await using var app = await ProgressApp.StartAsync();

        using var response = await app.Http.GetAsync(new Uri("/progress/events?state=busy", UriKind.Relative));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(0, ProgressFeed.For(app.Tracker, NullLoggerFactory.Instance).Clients);
    }

    [Fact]
    public async Task Events_HostStops_EndAtOnce()
    {
        await using var app = await ProgressApp.StartAsync();
        using var events = await EventReader.OpenAsync(app.Http);
        await events.NextAsync();

        // Without the endpoint's help the server would wait for the open connection until its own limit of 30 s.
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await app.StopAsync(soon.Token);

        Assert.False(soon.IsCancellationRequested);
        Assert.Null(await events.NextAsync());
    }

    [Fact]
    public async Task Events_ReaderLeaves_TheFeedLetsGo()
    {
        await using var app = await ProgressApp.StartAsync();
        var feed = ProgressFeed.For(app.Tracker, NullLoggerFactory.Instance);
        var events = await EventReader.OpenAsync(app.Http);
        await events.NextAsync();
        Assert.Equal(1, feed.Clients);

        events.Dispose();

        using var limit = new CancellationTokenSource(Eventually.Limit);
        while (feed.Clients > 0)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>A reader that asks and then never reads: the tracked work and other readers go on, and the server keeps no more than a frame and its write buffers for it.</summary>
    [Fact]
    public async Task Events_ReaderThatNeverReads_HoldsUpNobody()
    {
        await using var app = await ProgressApp.StartAsync();
        var feed = ProgressFeed.For(app.Tracker, NullLoggerFactory.Instance);
        using var stuck = new TcpClient { ReceiveBufferSize = 1024 };
        await stuck.ConnectAsync(app.Address.Host, app.Address.Port);
        await stuck.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /progress/events HTTP/1.1\r\nHost: {app.Address.Authority}\r\n\r\n"));
        using var reader = await EventReader.OpenAsync(app.Http);
        var run = app.Tracker.StartWorkflow("import");
        var stages = Enumerable.Range(0, 60).Select(i => run.StartStage($"stage {i} {new string('x', 180)}", 100)).ToList();
        await reader.NextAsync(frame => frame.GetProperty("active").GetInt32() == 1 && feed.Clients == 2);

        for (var i = 1; i <= 8; i++)
        {
            stages.ForEach(stage => stage.CompleteTask());
            await reader.NextAsync(frame => frame.GetProperty("runs")[0].GetProperty("completedTasks").GetInt64() == i * 60);
        }

        Assert.Equal(480, run.GetStatus().CompletedTasks);
    }

    [Fact]
    public async Task HandleAsync_WriteIsHeldUp_SkipsToTheLatestFrame()
    {
        var clock = new FakeTimeProvider();
        using var tracker = new ProgressTracker(timeProvider: clock);
        var made = 0;
        var feed = new ProgressFeed(tracker, _ => _ => new Frame(Encoding.UTF8.GetBytes($"[{++made}]"), HasActiveRuns: true), clock, NullLogger.Instance);
        using var gone = new CancellationTokenSource();
        var body = new HeldUpStream();
        var context = NewContext(body, gone.Token);
        var handling = new EventStreamEndpoint(feed, clock, CancellationToken.None).HandleAsync(context);
        await body.UntilWrittenAsync("[1]").Within();

        body.HoldUp();
        using var other = feed.Connect(RunsRequest.All);
        for (var i = 0; i < 10; i++)
        {
            clock.Advance(ProgressFeed.ActiveRefresh);
            await other.Frames.ReadAsync().AsTask().Within();
        }

        body.Release();
        await body.UntilWrittenAsync($"[{made}]").Within();
        await gone.CancelAsync();
        await handling.Within();

        // One frame was being written, one was waiting; the others were dropped.
        Assert.True(body.Written.Count(c => c == '[') <= 3, body.Written);
    }

    [Fact]
    public async Task HandleAsync_NothingToTell_SendsHeartbeats()
    {
        var pace = new FakeTimeProvider();
        var clock = new FakeTimeProvider();
        using var tracker = new ProgressTracker();
        var feed = new ProgressFeed(tracker, _ => _ => new Frame("[1]"u8.ToArray(), HasActiveRuns: false), pace, NullLogger.Instance);
        using var gone = new CancellationTokenSource();
        var body = new HeldUpStream();
        var handling = new EventStreamEndpoint(feed, clock, CancellationToken.None).HandleAsync(NewContext(body, gone.Token));
        await body.UntilWrittenAsync("[1]").Within();

        using var limit = new CancellationTokenSource(Eventually.Limit);
        while (!body.Written.EndsWith(": heartbeat\n\n", StringComparison.Ordinal))
        {
            limit.Token.ThrowIfCancellationRequested();
            clock.Advance(EventStreamEndpoint.HeartbeatAfter);
            await Task.Yield();
        }

        await gone.CancelAsync();
        await handling.Within();
        Assert.StartsWith("retry: 2000\n\n[1]", body.Written, StringComparison.Ordinal);
    }

    /// <summary>On a real connection: what the buffers between can hold is soon full, and then nothing moves.</summary>
    [Fact]
    public async Task HandleAsync_ReaderTakesNothing_IsCutOff()
    {
        var clock = new ManualTimeProvider();
        using var tracker = new ProgressTracker(timeProvider: clock);
        var feed = new ProgressFeed(tracker, _ => _ => new Frame(new byte[64 * 1024 * 1024], HasActiveRuns: false), clock, NullLogger.Instance);
        var endpoint = new EventStreamEndpoint(feed, clock, CancellationToken.None);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = await ProgressApp.StartAsync(configure: app => app.MapGet("/stream", async (HttpContext context) =>
        {
            await endpoint.HandleAsync(context);
            ended.SetResult();
        }));
        using var stuck = new TcpClient { ReceiveBufferSize = 1024 };
        await stuck.ConnectAsync(app.Address.Host, app.Address.Port);
        await stuck.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /stream HTTP/1.1\r\nHost: {app.Address.Authority}\r\n\r\n"));

        using var limit = new CancellationTokenSource(Eventually.Limit);
        while (!ended.Task.IsCompleted)
        {
            limit.Token.ThrowIfCancellationRequested();
            clock.Advance(EventStreamEndpoint.WriteLimit / 10);
            await Task.Yield();
        }

        Assert.Equal(0, feed.Clients);
    }

    [Theory]
    [InlineData(.9, false)]
    [InlineData(1.1, true)]
    public async Task HandleAsync_WriteIsHeldUp_EndsOnceTheLimitIsOver(double limits, bool isCutOff)
    {
        var clock = new ManualTimeProvider();
        using var tracker = new ProgressTracker();
        var feed = new ProgressFeed(tracker, _ => _ => new Frame("[1]"u8.ToArray(), HasActiveRuns: true), new ManualTimeProvider(), NullLogger.Instance);
        using var gone = new CancellationTokenSource();
        var body = new HeldUpStream();
        body.HoldUp();
        var handling = new EventStreamEndpoint(feed, clock, CancellationToken.None).HandleAsync(NewContext(body, gone.Token));

        clock.Advance(EventStreamEndpoint.WriteLimit * limits);
        if (isCutOff)
        {
            await handling.Within();
            Assert.Equal("", body.Written);
            return;
        }

        body.Release();
        await body.UntilWrittenAsync("[1]").Within();
        await gone.CancelAsync();
        await handling.Within();
    }

    private static DefaultHttpContext NewContext(Stream body, CancellationToken aborted)
    {
        var context = new DefaultHttpContext { RequestAborted = aborted };
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));
        return context;
    }
}
