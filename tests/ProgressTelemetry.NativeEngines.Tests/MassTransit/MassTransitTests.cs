using System.Collections.Concurrent;
using System.Diagnostics;
using MassTransit;
using Microsoft.Extensions.Time.Testing;

namespace ProgressTelemetry.NativeEngines.Tests.MassTransit;

public sealed class MassTransitTests : IAsyncLifetime
{
    private MassTransitFixture _bus = null!;

    private EngineFixture Engine => _bus.Engine;

    public async Task InitializeAsync() => _bus = await MassTransitFixture.StartAsync(retryAfter: TimeSpan.FromMilliseconds(500));

    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [Fact]
    public async Task Job_WhileItRuns_ShowsTheProgressThatItReports()
    {
        var run = await _bus.SubmitAsync("film", done: 5, of: 20);
        var other = await _bus.SubmitAsync("other");
        await Task.WhenAll(Engine.Gate("film").Reached, Engine.Gate("other").Reached);
        var status = await Engine.StatusAsync(run, s => s.CompletionRatio > 0);
        Assert.Equal(("Running: ConvertConsumer Running 0/1", "Convert", 0.25), (EngineFixture.Text(status), status.Workflow, status.CompletionRatio!.Value));
        Assert.Equal(WorkflowState.Running, Engine.Tracker.GetStatus(other)!.State);
        Engine.Advance(3);
        Engine.Gate("film").Open();

        var final = await Engine.StatusAsync(run, s => s.Result is not null);
        Assert.Equal("Succeeded: ConvertConsumer Succeeded 1/1", EngineFixture.Text(final));
        Assert.Equal((3d, 7L), (final.Elapsed.TotalSeconds, final.Stages[0].Items["frame"]));
        Assert.Null(Engine.Tracker.GetStatus(other)!.Result);
        Engine.Gate("other").Open();
        await Engine.StatusAsync(other, s => s.Result is WorkflowResult.Success);
        Assert.Empty(Engine.Errors);
    }

    [Fact]
    public async Task Job_WithARetry_IsOneRunThatWaitsMeanwhile()
    {
        var run = await _bus.SubmitAsync("flaky", failures: 1);
        Engine.Gate("flaky").Open();
        var waiting = await Engine.StatusAsync(run, s => s.State == WorkflowState.Waiting);
        Assert.Equal((1L, 0L), (waiting.Stages[0].FailedAttempts, waiting.CompletedTasks));

        await Engine.Gate("flaky 2").Reached;
        Assert.Equal("Running: ConvertConsumer Running 0/1", EngineFixture.Text(Engine.Tracker.GetStatus(run)));
        Engine.Gate("flaky 2").Open();

        var final = await Engine.StatusAsync(run, s => s.Result is not null);
        Assert.Equal("Succeeded: ConvertConsumer Succeeded 1/1", EngineFixture.Text(final));
        Assert.Equal(["run Convert started", "ConvertConsumer started", "ConvertConsumer ended Success", "run Convert ended Success"], await Engine.HeardAsync(run));
        Assert.Empty(Engine.Errors);
    }

    [Fact]
    public async Task Job_ThatFailsForGood_FailsTheRun()
    {
        Engine.Gate("bad").Open();
        Engine.Gate("bad 2").Open();
        var final = await Engine.StatusAsync(await _bus.SubmitAsync("bad", failures: 9), s => s.Result is not null);
        Assert.Equal((WorkflowResult.Failure, "System.FormatException"), (final.Result!.Value, final.ErrorType));
        Assert.Equal((2L, 1L), (final.Stages[0].FailedAttempts, final.Stages[0].FailedTasks));
    }

    [Fact]
    public async Task Job_ThatIsCancelledWhileItRuns_CancelsTheRun()
    {
        var run = await _bus.SubmitAsync("long");
        await Engine.Gate("long").Reached;
        await _bus.Bus.CancelJob(Guid.Parse(run));
        Assert.Equal(WorkflowResult.Cancellation, (await Engine.StatusAsync(run, s => s.Result is not null)).Result);
    }

    [Fact]
    public async Task Job_WhoseEndWasNotHeardOf_IsLookedUp()
    {
        await using var slow = await MassTransitFixture.StartAsync(retryAfter: TimeSpan.FromHours(1));
        var engine = slow.Engine;
        engine.Gate("flaky").Open();
        var run = await slow.SubmitAsync("flaky", failures: 1);
        await engine.StatusAsync(run, s => s.State == WorkflowState.Waiting);

        // Deaf while the job is cancelled, as a process is for what happens in another one.
        engine.Clock.Fails = true;
        await slow.Bus.CancelJob(Guid.Parse(run));
        await Eventually.TrueAsync(() => engine.Errors.Any(error => error.Contains("MassTransit failed", StringComparison.Ordinal)), () => "no message came");
        engine.Clock.Fails = false;
        Assert.Equal(WorkflowState.Waiting, engine.Tracker.GetStatus(run)!.State);

        engine.Advance(61);
        Assert.Equal(WorkflowResult.Cancellation, (await engine.StatusAsync(run, s => s.Result is not null)).Result);
    }

    [Fact]
    public async Task Saga_IsARunWhoseStatesAreStagesThatWait()
    {
        var order = NewId.NextGuid();
        await _bus.Bus.Publish(new OrderSubmitted(order));
        var submitted = await Engine.StatusAsync(order.ToString(), s => s.CurrentStages.Contains("AwaitingPayment"));
        Assert.Equal("OrderStateMachine", submitted.Workflow);
        Assert.Equal("Waiting: AwaitingPayment Waiting 0/?, Packing Pending 0/?", EngineFixture.Text(submitted));
        Assert.Null(submitted.CompletionRatio);

        await _bus.Bus.Publish(new OrderPaid(order, IsGood: false));
        await Engine.StatusAsync(order.ToString(), s => s.Stages[0].FailedAttempts == 1);
        Engine.Advance(60);
        await _bus.Bus.Publish(new OrderPaid(order));
        var paid = await Engine.StatusAsync(order.ToString(), s => s.CurrentStages.Contains("Packing"));
        Assert.Equal(60, paid.Stages[0].WaitTime.TotalSeconds, tolerance: 0.01);
        await _bus.Bus.Publish(new OrderShipped(order));

        var final = await Engine.StatusAsync(order.ToString(), s => s.Result is not null);
        Assert.Equal("Succeeded: AwaitingPayment Succeeded 1/1, Packing Succeeded 1/1", EngineFixture.Text(final));
        Assert.Empty(Engine.Errors);
    }

    [Fact]
    public async Task Saga_OfWhichNothingIsHeardForADay_IsLeft()
    {
        var order = NewId.NextGuid();
        await _bus.Bus.Publish(new OrderSubmitted(order));
        await Engine.StatusAsync(order.ToString(), s => s.CurrentStages.Contains("AwaitingPayment"));
        ((FakeTimeProvider)Engine.Clock).Advance(TimeSpan.FromHours(23));
        Assert.Null(Engine.Tracker.GetStatus(order.ToString())!.Result);
        ((FakeTimeProvider)Engine.Clock).Advance(TimeSpan.FromHours(2));
        Assert.Equal(WorkflowResult.Abandoned, (await Engine.StatusAsync(order.ToString(), s => s.Result is not null)).Result);

        // It comes back when something happens to it again.
        await _bus.Bus.Publish(new OrderPaid(order));
        await Engine.StatusAsync(order.ToString(), s => s.Result is null && s.CurrentStages.Contains("Packing"));
    }

    [Fact]
    public async Task Bus_ThatIsFollowed_MakesTheSpansThatItMakesWithout()
    {
        var (without, with) = (await SpansAsync(isFollowed: false), await SpansAsync(isFollowed: true));
        Assert.Equal(without.Processes, with.Processes);
        Assert.Equal(["Convert", "Instance", "Job", "JobAttempt", "JobType", "Order", "Reserve_execute"], with.Processes);

        // What a job makes is inside the job's own span.
        Assert.Equal(without.AroundWork, with.AroundWork);
        Assert.Equal(["Instance process", "Instance process", "Instance receive"], with.AroundWork.Take(3));

        static async Task<(IReadOnlyList<string> Processes, IReadOnlyList<string> AroundWork)> SpansAsync(bool isFollowed)
        {
            await using var bus = await MassTransitFixture.StartAsync(TimeSpan.FromSeconds(1), isFollowed);
            var spans = new ConcurrentQueue<Activity>();
            using var listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name is "MassTransit" or "Test.Convert" or "ProgressTelemetry",
                Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStarted = spans.Enqueue,
            };
            ActivitySource.AddActivityListener(listener);
            using var request = new Activity("request").Start();
            var trace = request.TraceId;
            bus.Engine.Gate("film").Open();
            await bus.SubmitAsync("film");
            await bus.Bus.Publish(new OrderSubmitted(NewId.NextGuid()));
            bus.Engine.Gate("Seat").Open();
            await bus.SendAsync(bus.Slip(("Seat", new())));
            await Eventually.TrueAsync(() => Own().Any(span => span.OperationName == "work") && Processes().Count == 7, () => string.Join(", ", Processes()));

            var around = new List<string>();
            for (var span = Own().Single(span => span.OperationName == "work"); Own().FirstOrDefault(other => other.SpanId == span.ParentSpanId) is { } parent; span = parent)
            {
                around.Add(Name(parent));
            }

            return (Processes(), around);

            IEnumerable<Activity> Own() => spans.Where(span => span.TraceId == trace);

            IReadOnlyList<string> Processes() =>
                [.. Own().Select(Name).Where(name => name.EndsWith(" process", StringComparison.Ordinal)).Select(name => name.Split(' ')[0]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

            // The endpoint of a bus's own instance has a random name.
            static string Name(Activity span) => span.OperationName.StartsWith("Instance", StringComparison.Ordinal) ? $"Instance {span.OperationName.Split(' ')[^1]}" : span.OperationName;
        }
    }

    [Fact]
    public async Task Job_WhoseTrackingFails_RunsAllTheSame()
    {
        Engine.Clock.Fails = true;
        var run = await _bus.SubmitAsync("film");
        await Engine.Gate("film").Reached;
        Engine.Gate("film").Open();
        // Its saga is gone when it is completed.
        var client = _bus.Bus.CreateRequestClient<global::MassTransit.Contracts.JobService.GetJobState>();
        var state = "";
        await Eventually.TrueAsync(() => (state = client.GetJobState(Guid.Parse(run)).GetAwaiter().GetResult().CurrentState) is "Completed" or "NotFound", () => $"the job is {state}");
        Engine.Clock.Fails = false;

        Assert.Contains(Engine.Errors, error => error.Contains("MassTransit failed", StringComparison.Ordinal) && error.Contains("the clock is broken", StringComparison.Ordinal));
        Assert.Null(Engine.Tracker.GetStatus(run));
    }
}
