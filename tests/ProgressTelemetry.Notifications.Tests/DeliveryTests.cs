using System.Net;
using System.Net.Http.Headers;

namespace ProgressTelemetry.Notifications.Tests;

/// <summary>What does not arrive at once.</summary>
public sealed class DeliveryTests
{
    [Fact]
    public async Task Send_ReceiverIsDownForAWhile_IsSentAgainUntilItArrives()
    {
        using var receiver = new Receiver();
        receiver.AnswerNext(HttpStatusCode.ServiceUnavailable);
        receiver.AnswerNext(_ => throw new HttpRequestException("no connection"));
        receiver.AnswerNext(_ => throw new TaskCanceledException("timed out", new TimeoutException()));
        receiver.Tracker.StartWorkflow("import", NotificationTests.Named("42")).Complete();
        await receiver.RequestsAsync(1);

        var passed = await receiver.PassUntilAsync(4);

        Assert.True(passed >= TimeSpan.FromSeconds(1 + 4 + 16), $"{passed}");
        var sent = await receiver.EndAsync();
        Assert.Equal(4, sent.Length);
        Assert.Single(sent.Select(one => one.Key).Distinct(StringComparer.Ordinal));
        Assert.Equal(0, receiver.Log.Collector.Count);
    }

    [Fact]
    public async Task Send_ReceiverSaysWhen_IsSentAgainThen()
    {
        using var receiver = new Receiver();
        receiver.AnswerNext(_ => Task.FromResult(new HttpResponseMessage(HttpStatusCode.TooManyRequests) { Headers = { RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(90)) } }));
        receiver.Tracker.StartWorkflow("import", NotificationTests.Named("42")).Complete();
        await receiver.RequestsAsync(1);

        Assert.True(await receiver.PassUntilAsync(2) >= TimeSpan.FromSeconds(90));
    }

    [Fact]
    public async Task Send_InVain_GivesUpAndSaysSoWithoutTheAddress()
    {
        using var receiver = new Receiver();
        receiver.AnswerNext([.. Enumerable.Repeat(HttpStatusCode.InternalServerError, ProgressNotifier.MostAttempts)]);
        receiver.Tracker.StartWorkflow("import", NotificationTests.Named("42")).Complete();
        await receiver.PassUntilAsync(ProgressNotifier.MostAttempts);
        receiver.Tracker.StartWorkflow("import", NotificationTests.Named("43")).Complete();

        Assert.Equal(ProgressNotifier.MostAttempts + 1, (await receiver.EndAsync()).Length);
        var lost = Assert.Single(receiver.Log.Collector.GetSnapshot());
        Assert.Equal("A notification was not sent: import 42 has succeeded. Why: the webhook answered 500", lost.Message);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.Found)]
    public async Task Send_Refused_IsNotSentAgain(HttpStatusCode answer)
    {
        using var receiver = new Receiver();
        receiver.AnswerNext(answer);
        receiver.Tracker.StartWorkflow("import", NotificationTests.Named("42")).Complete();

        Assert.Single(await receiver.EndAsync());
        Assert.Contains($"{(int)answer}", Assert.Single(receiver.Log.Collector.GetSnapshot()).Message, StringComparison.Ordinal);
    }

    /// <summary>A receiver that hangs holds up neither the work nor other listeners; and what is too much is lost and said.</summary>
    [Fact]
    public async Task Send_ReceiverHangs_HoldsUpNothing()
    {
        using var receiver = new Receiver();
        var hang = new TaskCompletionSource<HttpResponseMessage>();
        receiver.AnswerNext(over => hang.Task.WaitAsync(over));
        receiver.Tracker.StartWorkflow("import", NotificationTests.Named("first")).Complete();
        await receiver.RequestsAsync(1);
        foreach (var number in Enumerable.Range(0, ProgressNotifier.MostWaiting + 5))
        {
            receiver.Tracker.StartWorkflow("import", NotificationTests.Named($"{number}")).Complete();
        }

        await receiver.Tracker.DrainAsync().WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(5, receiver.Log.Collector.Count);
        hang.SetResult(new HttpResponseMessage(HttpStatusCode.OK));
        Assert.Equal(1 + ProgressNotifier.MostWaiting, (await receiver.EndAsync()).Length);
    }

    [Fact]
    public async Task Dispose_ReceiverHangs_GivesUpAfterFiveSecondsAndSaysSo()
    {
        using var receiver = new Receiver();
        receiver.AnswerNext(over => new TaskCompletionSource<HttpResponseMessage>().Task.WaitAsync(over));
        receiver.Tracker.StartWorkflow("import", NotificationTests.Named("42")).Complete();
        await receiver.RequestsAsync(1);
        receiver.Tracker.StartWorkflow("import", NotificationTests.Named("43")).Complete();
        await receiver.Tracker.DrainAsync();

        var disposing = receiver.Notifier.DisposeAsync().AsTask();
        Assert.False(disposing.IsCompleted);
        receiver.Clock.Advance(TimeSpan.FromSeconds(5));

        await disposing.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(2, receiver.Log.Collector.Count);
        Assert.All(receiver.Log.Collector.GetSnapshot(), lost => Assert.EndsWith("the application ends", lost.Message, StringComparison.Ordinal));
        Assert.Single(receiver.Requests);
    }

    /// <summary>A sender of one's own, as for mail.</summary>
    [Fact]
    public async Task Notifier_OfOnesOwn_GetsTheTexts()
    {
        using var tracker = new ProgressTracker();
        var mail = new Mail();
        tracker.Subscribe(mail);
        tracker.StartWorkflow("import", NotificationTests.Named("42")).Fail("Shop.Exception");
        await tracker.DrainAsync();
        await mail.DisposeAsync();

        var sent = Assert.Single(mail.Sent);
        Assert.Equal("import 42 has failed", sent.Title);
        Assert.Equal(WorkflowState.Failed, sent.Status.State);
    }

    private sealed class Mail() : ProgressNotifier(ProgressNotificationKinds.Ended)
    {
        public List<ProgressNotification> Sent { get; } = [];

        protected override Task<SendResult> SendAsync(ProgressNotification notification, CancellationToken cancellationToken)
        {
            Sent.Add(notification);
            return Task.FromResult(SendResult.Sent);
        }
    }
}
