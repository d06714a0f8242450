using MassTransit;
using MassTransit.Courier.Contracts;

namespace ProgressTelemetry.NativeEngines.Tests.MassTransit;

/// <summary>Routing slips of a real bus: each a run, planned from its itinerary.</summary>
public sealed class RoutingSlipTests : IAsyncLifetime
{
    private MassTransitFixture _bus = null!;

    private EngineFixture Engine => _bus.Engine;

    public async Task InitializeAsync() => _bus = await MassTransitFixture.StartAsync(retryAfter: TimeSpan.FromMilliseconds(500));

    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [Fact]
    public async Task Slip_WhileItRuns_ShowsItsWholeItinerary()
    {
        var run = await SendAsync(Slip(("Seat", new()), ("Meal", new()), ("Card", new())));
        await Engine.Gate("Seat").Reached;
        var first = Engine.Tracker.GetStatus(run);
        Assert.Equal("Running: Seat Running 0/1, Meal Pending 0/1, Card Pending 0/1", EngineFixture.Text(first));
        Assert.Equal(("routing-slip", 0d), (first!.Workflow, first.CompletionRatio!.Value));
        Engine.Advance(3);
        Engine.Gate("Seat").Open();

        await Engine.Gate("Meal").Reached;
        Assert.Equal("Running: Seat Succeeded 1/1, Meal Running 0/1, Card Pending 0/1", EngineFixture.Text(Engine.Tracker.GetStatus(run)));
        Engine.Gate("Meal").Open();
        Engine.Gate("Card").Open();

        var final = await Engine.StatusAsync(run, s => s.Result is not null);
        Assert.Equal("Succeeded: Seat Succeeded 1/1, Meal Succeeded 1/1, Card Succeeded 1/1", EngineFixture.Text(final));
        Assert.Equal((3d, 2L), (final.Elapsed.TotalSeconds, final.Stages[0].Items["seat"]));
        Assert.Empty(Engine.Errors);
    }

    [Fact]
    public async Task Slip_WhoseActivityFails_ShowsWhatIsUndone()
    {
        Open("Seat", "Meal", "Card", "Card 2", "undo Meal");
        var run = await SendAsync(Slip(("Seat", new()), ("Meal", new()), ("Card", new() { Failures = 2 }), ("Mail", new())));
        await Engine.Gate("undo Seat").Reached;
        var undoing = Engine.Tracker.GetStatus(run)!;
        Assert.Equal(
            "Running: Seat Succeeded 1/1, Meal Succeeded 1/1, Card Failed 1/1, Mail Pending 0/1, compensate Meal Succeeded 1/1, compensate Seat Running 0/1",
            EngineFixture.Text(undoing));
        Assert.Equal((2L, 1L), (undoing.Stages[2].FailedAttempts, undoing.Stages[2].FailedTasks));
        Open("undo Seat");

        var final = await Engine.StatusAsync(run, s => s.Result is not null);
        Assert.Equal((WorkflowResult.Failure, "System.FormatException"), (final.Result!.Value, final.ErrorType));
        Assert.Equal(
            "Failed: Seat Succeeded 1/1, Meal Succeeded 1/1, Card Failed 1/1, Mail Pending 0/1, compensate Meal Succeeded 1/1, compensate Seat Succeeded 1/1",
            EngineFixture.Text(final));
        Assert.Empty(Engine.Errors);
    }

    [Fact]
    public async Task Slip_WithOneActivityTwice_UndoesItTwice()
    {
        Open("Meal", "Seat", "Card", "Card 2", "undo Meal", "undo Seat");
        var run = await SendAsync(Slip(("Meal", new()), ("Seat", new()), ("Meal", new()), ("Card", new() { Failures = 2 })));
        var final = await Engine.StatusAsync(run, s => s.Result is not null);
        Assert.Equal("Failed: Meal Succeeded 2/2, Seat Succeeded 1/1, Card Failed 1/1, compensate Meal Succeeded 2/2, compensate Seat Succeeded 1/1", EngineFixture.Text(final));
        Assert.Empty(Engine.Errors);
    }

    [Fact]
    public async Task Slip_WhoseCompensationFails_FailsWithThat()
    {
        Open("Seat", "Card", "Card 2", "undo Seat");
        var run = await SendAsync(Slip(("Seat", new() { Then = "stick" }), ("Card", new() { Failures = 2 })));
        var final = await Engine.StatusAsync(run, s => s.Result is not null);
        Assert.Equal((WorkflowResult.Failure, "System.NotSupportedException"), (final.Result!.Value, final.ErrorType));
        Assert.Equal("Failed: Seat Succeeded 1/1, Card Failed 1/1, compensate Seat Failed 1/1", EngineFixture.Text(final));
    }

    [Fact]
    public async Task Slip_WithARetry_CountsTheActivityOnce()
    {
        Open("Card");
        var run = await SendAsync(Slip(("Card", new() { Failures = 1 })));
        await Engine.Gate("Card 2").Reached;
        var again = Engine.Tracker.GetStatus(run)!;
        Assert.Equal(("Running: Card Running 0/1", 1L), (EngineFixture.Text(again), again.Stages[0].FailedAttempts));
        Open("Card 2");

        var final = await Engine.StatusAsync(run, s => s.Result is not null);
        Assert.Equal(("Succeeded: Card Succeeded 1/1", 0L), (EngineFixture.Text(final), final.Stages[0].FailedTasks));
        Assert.Equal(["run routing-slip started", "Card started", "Card ended Success", "run routing-slip ended Success"], await Engine.HeardAsync(run));
    }

    [Fact]
    public async Task Slip_ThatIsRevised_ShowsTheActivitiesThatWereAdded()
    {
        Open("Card", "Pack");
        var run = await SendAsync(Slip(("Card", new() { Then = "insert" }), ("Meal", new())));
        await Engine.Gate("Meal").Reached;
        Assert.Equal("Running: Card Succeeded 1/1, Meal Running 0/1, Pack Succeeded 1/1", EngineFixture.Text(Engine.Tracker.GetStatus(run)));
        Open("Meal");
        Assert.Equal("Succeeded: Card Succeeded 1/1, Meal Succeeded 1/1, Pack Succeeded 1/1", EngineFixture.Text(await Engine.StatusAsync(run, s => s.Result is not null)));
    }

    [Fact]
    public async Task Slip_WithOneActivityTwice_HasOneStageOfTwoTasks()
    {
        Open("Meal", "Card");
        var run = await SendAsync(Slip(("Meal", new()), ("Card", new()), ("Meal", new()), ("Seat", new())));
        await Engine.Gate("Seat").Reached;
        Assert.Equal("Running: Meal Succeeded 2/2, Card Succeeded 1/1, Seat Running 0/1", EngineFixture.Text(Engine.Tracker.GetStatus(run)));
        Open("Seat");
        await Engine.StatusAsync(run, s => s.Result is WorkflowResult.Success);
    }

    [Fact]
    public async Task Slip_ThatIsTerminated_IsCancelled()
    {
        Open("Seat", "Card");
        var run = await SendAsync(Slip(("Seat", new()), ("Card", new() { Then = "terminate" }), ("Meal", new())));
        Assert.Equal(WorkflowResult.Cancellation, (await Engine.StatusAsync(run, s => s.Result is not null)).Result);
    }

    [Theory]
    [InlineData(0, WorkflowResult.Success)]
    [InlineData(2, WorkflowResult.Failure)]
    public async Task Slip_WhoseEndIsToldToNobody_IsOverAMinuteAfterItsLastActivity(int failures, WorkflowResult result)
    {
        Open("Card", "Card 2");
        var builder = Slip(("Card", new() { Failures = failures }), ("Card", new()));
        builder.AddSubscription(new Uri("queue:nobody"), RoutingSlipEvents.Revised);
        var run = await SendAsync(builder);
        await Engine.StatusAsync(run, s => failures == 0 ? s.CompletedTasks == 2 : s.Stages[0].FailedTasks == 1);
        Assert.Null(Engine.Tracker.GetStatus(run)!.Result);
        Assert.Equal(result, (await Engine.EndAsync(run)).Result);
    }

    [Fact]
    public async Task Slip_ThatOtherProcessesGoOnWith_IsLeftAfterAnHour()
    {
        Open("Seat");
        var run = await SendAsync(Slip(("Seat", new()), ("Elsewhere", new())));
        await Engine.StatusAsync(run, s => s.CompletedTasks == 1);
        Engine.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Null(Engine.Tracker.GetStatus(run)!.Result);
        Engine.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(WorkflowResult.Abandoned, (await Engine.StatusAsync(run, s => s.Result is not null)).Result);
    }

    [Fact]
    public async Task Slip_ThatGoesThroughTwoProcesses_IsOneRunInTheirStore()
    {
        // What the first process passes on goes to the second's bus.
        var store = new InMemoryRunStore();
        await using var second = await MassTransitFixture.StartAsync(TimeSpan.FromSeconds(1), store: store);
        await using var first = await MassTransitFixture.StartAsync(TimeSpan.FromSeconds(1), store: store, passOn: slip => second.Bus.Execute(slip));
        first.Engine.Gate("Seat").Open();
        second.Engine.Gate("Meal").Open();
        var builder = new RoutingSlipBuilder(NewId.NextGuid());
        builder.AddActivity("Seat", new Uri("queue:Reserve_execute"), new Leg { Test = first.Engine.Test });
        builder.AddActivity("Meal", new Uri("queue:elsewhere"), new Leg { Test = second.Engine.Test });
        builder.AddActivity("Card", new Uri("queue:Charge_execute"), new Leg { Test = second.Engine.Test });
        var slip = builder.Build();
        var run = slip.TrackingNumber.ToString();
        await first.Bus.Execute(slip).Within();
        await second.Engine.Gate("Card").Reached;
        foreach (var engine in new[] { first.Engine, second.Engine, first.Engine })
        {
            Assert.True(await engine.Tracker.FlushAsync());
        }

        Assert.Equal("Running: Seat Succeeded 1/1, Meal Succeeded 1/1, Card Running 0/1", EngineFixture.Text(first.Engine.Tracker.GetStatus(run)));
        second.Engine.Gate("Card").Open();
        await second.Engine.StatusAsync(run, s => s.Result is not null);
        Assert.True(await second.Engine.Tracker.FlushAsync());
        Assert.True(await first.Engine.Tracker.FlushAsync());
        foreach (var engine in new[] { first.Engine, second.Engine })
        {
            Assert.Equal("Succeeded: Seat Succeeded 1/1, Meal Succeeded 1/1, Card Succeeded 1/1", EngineFixture.Text(engine.Tracker.GetStatus(run)));
            Assert.Empty(engine.Errors);
        }
    }

    [Fact]
    public async Task Slip_WhoseTrackingFails_RunsAllTheSame()
    {
        Engine.Clock.Fails = true;
        var run = await SendAsync(Slip(("Seat", new()), ("Card", new())));
        await Engine.Gate("Seat").Reached;
        Open("Seat", "Card");
        await Engine.Gate("Card").Reached;
        Engine.Clock.Fails = false;
        Assert.Contains(Engine.Errors, error => error.Contains("MassTransit failed", StringComparison.Ordinal) && error.Contains("the clock is broken", StringComparison.Ordinal));
    }

    private RoutingSlipBuilder Slip(params (string Name, Leg Leg)[] legs) => _bus.Slip(legs);

    private Task<string> SendAsync(RoutingSlipBuilder builder) => _bus.SendAsync(builder);

    private void Open(params string[] gates)
    {
        foreach (var gate in gates)
        {
            Engine.Gate(gate).Open();
        }
    }
}
