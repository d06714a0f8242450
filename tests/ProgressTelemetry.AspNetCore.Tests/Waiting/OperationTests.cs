using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ProgressTelemetry.AspNetCore.Waiting;
using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.AspNetCore.Tests.Waiting;

/// <summary>Long-running operations over HTTP: 202, the status monitor, its end.</summary>
public sealed class OperationTests
{
    [Fact]
    public async Task AcceptedRun_RunGoesOn_Answers202WithTheMonitorsAddress()
    {
        await using var app = await StartAsync();

        using var accepted = await app.Http.PostAsync(new Uri("/imports/1", UriKind.Relative), null);

        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        var monitor = MonitorOf(accepted);
        Assert.Equal(app.App.Address.Authority, monitor.Authority);
        Assert.Equal(RetryAfter.Unknown, accepted.Headers.RetryAfter?.Delta?.TotalSeconds);
        var body = await JsonAsync(accepted);
        Assert.Equal(("1", "Running", 0d), (body.GetProperty("id").GetString(), body.GetProperty("status").GetString(), body.GetProperty("percentComplete").GetDouble()));
        Assert.Equal(body.GetRawText(), (await JsonAsync(await app.Http.GetAsync(monitor))).GetRawText());
    }

    [Fact]
    public async Task Monitor_RunSucceeds_TellsWhereTheResultIsAndLeadsThereWhenAsked()
    {
        WorkflowRun? run = null;
        await using var app = await StartAsync(work: started => run = started);
        var monitor = MonitorOf(await app.Http.PostAsync(new Uri("/imports/1", UriKind.Relative), null));
        using var early = await app.Http.GetAsync(Redirecting(monitor));
        Assert.Equal(HttpStatusCode.Accepted, early.StatusCode);
        Assert.NotNull(early.Headers.RetryAfter);

        run!.StartStage("load", expectedTasks: 4).CompleteTasks(4);
        run.Complete();

        using var done = await app.Http.GetAsync(monitor);
        var body = await JsonAsync(done);
        Assert.Equal(("Succeeded", 100d, "/imports/1/result"), (body.GetProperty("status").GetString(), body.GetProperty("percentComplete").GetDouble(), body.GetProperty("resourceLocation").GetString()));
        Assert.Null(done.Headers.RetryAfter);
        Assert.True(body.GetProperty("createdDateTime").GetDateTimeOffset() <= body.GetProperty("lastActionDateTime").GetDateTimeOffset());
        using var led = await app.Http.GetAsync(Redirecting(monitor));
        Assert.Equal((HttpStatusCode.SeeOther, "/imports/1/result"), (led.StatusCode, led.Headers.Location?.OriginalString));
    }

    [Theory]
    [InlineData(WorkflowResult.Failure, "Failed", "failure", HttpStatusCode.InternalServerError)]
    [InlineData(WorkflowResult.Timeout, "Failed", "timeout", HttpStatusCode.InternalServerError)]
    [InlineData(WorkflowResult.Cancellation, "Canceled", "cancellation", HttpStatusCode.Gone)]
    [InlineData(WorkflowResult.Abandoned, "Failed", "abandoned", HttpStatusCode.InternalServerError)]
    public async Task Monitor_RunEndsWithoutSuccess_SaysHowAndNotWhatTheCodeCallsIt(WorkflowResult result, string status, string code, HttpStatusCode problem)
    {
        await using var app = await StartAsync(work: run => run.End(result, "Shop.Secrets.Exception"));
        var monitor = MonitorOf(await app.Http.PostAsync(new Uri("/imports/1", UriKind.Relative), null));

        var body = await JsonAsync(await app.Http.GetAsync(monitor));

        Assert.Equal((status, code), (body.GetProperty("status").GetString(), body.GetProperty("error").GetProperty("code").GetString()));
        Assert.DoesNotContain("Secrets", body.GetRawText(), StringComparison.Ordinal);
        using var led = await app.Http.GetAsync(Redirecting(monitor));
        Assert.Equal((problem, "application/problem+json"), (led.StatusCode, led.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task Monitor_NothingHasMoved_Answers304UntilItHas()
    {
        var clock = new ManualTimeProvider();
        WorkflowStage? stage = null;
        await using var app = await StartAsync(new ProgressTracker(timeProvider: clock), work: run => stage = run.StartStage("load", 4));
        var monitor = MonitorOf(await app.Http.PostAsync(new Uri("/imports/1", UriKind.Relative), null));
        using var first = await app.Http.GetAsync(monitor);
        using var same = await AskAsync(app, monitor, first.Headers.ETag!);
        stage!.CompleteTask();
        using var moved = await AskAsync(app, monitor, first.Headers.ETag!);

        Assert.Equal((HttpStatusCode.NotModified, 0), (same.StatusCode, (await same.Content.ReadAsByteArrayAsync()).Length));
        Assert.NotNull(same.Headers.RetryAfter);
        Assert.Equal((HttpStatusCode.OK, 25d), (moved.StatusCode, (await JsonAsync(moved)).GetProperty("percentComplete").GetDouble()));
    }

    [Fact]
    public async Task Monitor_ProcessRestarts_IsUnknownUntilTheRunGoesOn()
    {
        var keys = new EphemeralDataProtectionProvider();
        var first = await StartAsync(keys: keys);
        var monitor = MonitorOf(await first.Http.PostAsync(new Uri("/imports/1", UriKind.Relative), null));
        await first.App.StopAsync();
        await first.DisposeAsync();

        await using var second = await StartAsync(keys: keys);
        var address = new Uri(second.App.Address, monitor.PathAndQuery);
        Assert.Equal("Unknown", (await JsonAsync(await second.Http.GetAsync(address))).GetProperty("status").GetString());
        second.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "1" }).Complete();

        Assert.Equal("Succeeded", (await JsonAsync(await second.Http.GetAsync(address))).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Monitor_TokenForOtherThings_IsRefused()
    {
        await using var app = await StartAsync();
        var monitor = MonitorOf(await app.Http.PostAsync(new Uri("/imports/1", UriKind.Relative), null));
        var live = app.Tokens.ForRun("1", TimeSpan.FromHours(1));

        foreach (var path in (string[])[$"/progress/operations/{live}", "/progress/operations/x", "/progress/operations", monitor.AbsolutePath.Replace("operations", "live", StringComparison.Ordinal)])
        {
            using var answer = await app.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData(120, 240, 60)]
    [InlineData(8, 20, 6)]
    [InlineData(0, 100, 10)]
    [InlineData(0, 0, 1)]
    [InlineData(100_000, 200_000, 60)]
    public void Seconds_Forecast_AreAtLeastOneAndAtMostSixty(double low, double expected, int seconds)
    {
        using var tracker = new ProgressTracker(timeProvider: new ManualTimeProvider());
        var now = tracker.UtcNow;
        var status = tracker.StartWorkflow("import").GetStatus() with
        {
            Estimate = new TimeEstimate(now, now, now, TimeSpan.FromSeconds(expected), TimeSpan.FromSeconds(low), TimeSpan.FromSeconds(expected * 2)),
        };

        Assert.Equal(seconds, RetryAfter.Seconds(status));
        Assert.Equal(RetryAfter.HeldUp, RetryAfter.Seconds(status with { State = WorkflowState.Stalled }));
        Assert.Null(RetryAfter.Seconds(status with { EndedAt = now }));
    }

    [Fact]
    public async Task AcceptedRun_WrongUse_SaysWhatIsMissing()
    {
        using var tracker = new ProgressTracker();
        var run = tracker.StartWorkflow("import");
        var extensions = TypedResults.Extensions;

        Assert.Throws<ArgumentNullException>(() => extensions.AcceptedRun(null!));
        Assert.Throws<ArgumentException>(() => extensions.AcceptedRun(run, "a b"));
        Assert.Throws<ArgumentOutOfRangeException>(() => extensions.AcceptedRun(run, lifetime: TimeSpan.Zero));
        var context = new DefaultHttpContext { RequestServices = new ServiceCollection().BuildServiceProvider() };
        var noTokens = await Assert.ThrowsAsync<InvalidOperationException>(() => extensions.AcceptedRun(run).ExecuteAsync(context));
        Assert.Contains("AddProgressTokens()", noTokens.Message, StringComparison.Ordinal);
        context.RequestServices = new ServiceCollection().AddLogging().AddRouting().AddProgressTokens().AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider()).BuildServiceProvider();
        var noMonitor = await Assert.ThrowsAsync<InvalidOperationException>(() => extensions.AcceptedRun(run).ExecuteAsync(context));
        Assert.Contains("MapProgress()", noMonitor.Message, StringComparison.Ordinal);
    }

    internal static Task<WaitingApp> StartAsync(ProgressTracker? tracker = null, IDataProtectionProvider? keys = null, Action<WorkflowRun>? work = null, int port = 0) => WaitingApp.StartAsync(
        tracker,
        keys: keys,
        configure: web =>
        {
            // A second page must not take the status monitor's place.
            web.MapProgress("/again");
            web.MapPost("/imports/{id}", (string id, ProgressTracker all) =>
            {
                var run = all.StartWorkflow("import", new WorkflowRunOptions { RunId = id, ExpectedTasks = 4 });
                work?.Invoke(run);
                return TypedResults.Extensions.AcceptedRun(run, $"/imports/{id}/result");
            });
            web.MapGet("/imports/{id}/result", (string id) => $"the result of {id}");
        },
        port: port);

    internal static Uri MonitorOf(HttpResponseMessage accepted) => new(Assert.Single(accepted.Headers.GetValues("Operation-Location")));

    private static Uri Redirecting(Uri monitor) => new(string.Create(CultureInfo.InvariantCulture, $"{monitor}?redirect=true"));

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer) => JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;

    private static async Task<HttpResponseMessage> AskAsync(WaitingApp app, Uri monitor, EntityTagHeaderValue known)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, monitor);
        request.Headers.IfNoneMatch.Add(known);
        return await app.Http.SendAsync(request);
    }
}
