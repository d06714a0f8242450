using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ProgressTelemetry.AspNetCore.Endpoints;
using ProgressTelemetry.AspNetCore.Tests.Support;
using ProgressTelemetry.AspNetCore.Waiting;
using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.AspNetCore.Tests.Waiting;

/// <summary>Many readers, readers that don't read, and those that may not: what they cost.</summary>
public sealed class LiveReadersTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private readonly ProgressTracker _tracker;
    private readonly ProgressTokens _tokens;
    private readonly ReadCounter _reader;
    private static readonly IServiceProvider Services = new ServiceCollection().BuildServiceProvider();
    private readonly RunFeed _feed;
    private readonly LiveEndpoints _endpoints;

    public LiveReadersTests()
    {
        _tracker = new ProgressTracker(timeProvider: _clock);
        _tokens = new ProgressTokens(new EphemeralDataProtectionProvider(), _clock);
        _reader = new ReadCounter(_tracker);
        _feed = new RunFeed(_reader, _clock, NullLogger.Instance);
        _endpoints = new LiveEndpoints(_tokens, _reader, _feed, _clock, CancellationToken.None);
    }

    [Fact]
    public async Task Follow_ThousandReadersOfOneRun_ReadItOnceASecond()
    {
        _tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "a", StallTimeout = TimeSpan.FromDays(1) });
        using var gone = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 1000).Select(_ => NewContext(Token("a"), new HeldUpStream(), gone.Token)).Select(_endpoints.FollowAsync).ToList();
        Assert.Equal(1, _feed.Watched);
        var before = _reader.Reads;

        for (var i = 0; i < 10; i++)
        {
            _clock.Advance(RunWatch.Tick);
        }

        Assert.Equal(before + 10, _reader.Reads);
        await gone.CancelAsync();
        await Task.WhenAll(readers).Within();
        Assert.Equal(0, _feed.Watched);
        _clock.Advance(RunWatch.Tick * 5);
        Assert.Equal(before + 10, _reader.Reads);
    }

    [Fact]
    public async Task Follow_ReaderThatNeverReads_IsCutOff()
    {
        _tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "a" });
        using var gone = new CancellationTokenSource();
        var body = new HeldUpStream();
        body.HoldUp();
        var context = NewContext(Token("a"), body, gone.Token);
        context.Features.Set<IHttpRequestLifetimeFeature>(new Lifetime(gone));
        var following = _endpoints.FollowAsync(context);
        Assert.Equal(1, _feed.Watched);

        _clock.Advance(EventStreamEndpoint.WriteLimit - TimeSpan.FromSeconds(1));
        Assert.False(gone.IsCancellationRequested);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.True(gone.IsCancellationRequested);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following.Within());
        Assert.Equal(0, _feed.Watched);
    }

    [Fact]
    public async Task Follow_NothingHappens_SaysSoEveryFifteenSeconds()
    {
        using var gone = new CancellationTokenSource();
        var body = new HeldUpStream();
        var following = _endpoints.FollowAsync(NewContext(Token("nobody"), body, gone.Token));
        await body.UntilWrittenAsync("\n\n").Within();

        _clock.Advance(RunWatch.KeepAlive - RunWatch.Tick);
        var quiet = body.Written;
        _clock.Advance(RunWatch.Tick);
        await body.UntilWrittenAsync($"{_clock.GetUtcNow().UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff}Z").Within();

        Assert.Single(quiet.Split("event: progress").Skip(1));
        await gone.CancelAsync();
        await following.Within();
    }

    [Fact]
    public async Task ShowAndFollow_TokenThatOpensNothing_LookNoRunUp()
    {
        _tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "a" });
        var expired = Token("a");
        var operation = _tokens.Write(new ProgressScope(ScopeKind.Operation, "a", ProgressDetails.None), TimeSpan.FromDays(2));
        _clock.Advance(TimeSpan.FromHours(1));

        foreach (var token in (string[])["", "a", expired, operation])
        {
            await _endpoints.ShowAsync(NewContext(token, new HeldUpStream(), default));
            await _endpoints.FollowAsync(NewContext(token, new HeldUpStream(), default));
        }

        Assert.Equal(0, _reader.Reads);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(7 * 24 * 60 + 1)]
    public void ForRun_LifetimeOutOfRange_Throws(int minutes)
    {
        var lifetime = TimeSpan.FromMinutes(minutes);
        Assert.Throws<ArgumentOutOfRangeException>(() => _tokens.ForRun("a", lifetime));
        Assert.Throws<ArgumentOutOfRangeException>(() => _tokens.ForWorkflow("a", lifetime));
    }

    [Fact]
    public void ForRun_BadNamesOrDetails_Throw()
    {
        Assert.Throws<ArgumentException>(() => _tokens.ForRun("", TimeSpan.FromHours(1)));
        Assert.Throws<ArgumentNullException>(() => _tokens.ForWorkflow(null!, TimeSpan.FromHours(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => _tokens.ForRun("a", TimeSpan.FromHours(1), (ProgressDetails)128));
    }

    public void Dispose() => _tracker.Dispose();

    private string Token(string runId) => _tokens.ForRun(runId, TimeSpan.FromHours(1));

    private static DefaultHttpContext NewContext(string token, Stream body, CancellationToken aborted)
    {
        var context = new DefaultHttpContext { RequestAborted = aborted, RequestServices = Services };
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));
        context.Request.RouteValues["token"] = token;
        return context;
    }

    private sealed class Lifetime(CancellationTokenSource gone) : IHttpRequestLifetimeFeature
    {
        public CancellationToken RequestAborted { get; set; } = gone.Token;

        public void Abort() => gone.Cancel();
    }
}
