using ProgressTelemetry.Tests.Support;
using Xunit;

namespace ProgressTelemetry.Tests.Storage;

/// <summary>The series of a run that several processes work on are published by one of them; counters are each one's own.</summary>
public sealed class JointSeriesTests : IDisposable
{
    private const string Completed = "workflow.run.tasks.completed", State = "workflow.run.state";
    private readonly StoreFixture _fixture = new();
    private readonly TrackerFixture _first;
    private readonly TrackerFixture _second;
    private readonly WorkflowRun _run;
    private readonly WorkflowRun _part;

    public JointSeriesTests()
    {
        (_first, _second) = (_fixture.Measured(), _fixture.Measured());
        _run = _first.Tracker.StartWorkflow("import", Options());
        _run.StartStage("load", 1000).CompleteTasks(100);
        Pass(6).GetAwaiter().GetResult();
        _part = _second.Tracker.StartWorkflow("import", Options(WhenLive.Join));
        _part.StartStage("load").CompleteTasks(50);
    }

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        _fixture.Dispose();
    }

    [Fact]
    public async Task TwoAtWork_OnePublishesTheWhole()
    {
        var before = 0.0;
        for (var second = 0; second < 60; second++)
        {
            await Pass(1);
            var completed = Assert.Single(Publishers()).Sum(Completed);
            Assert.True(completed >= before, $"{completed} after {before}");
            before = completed;
        }

        Assert.Equal(150, before);
        Assert.Equal(2, Publishers()[0].Sum("workflow.run.participants"));
        Assert.Equal(.15, Publishers()[0].Sum("workflow.run.completion.ratio"), 6);
        Assert.Equal((100, 50), (_first.Sum("workflow.stage.tasks"), _second.Sum("workflow.stage.tasks")));
        Assert.Equal((0, 0), (_first.Sum("workflow.run.hidden"), _second.Sum("workflow.run.hidden")));
    }

    [Fact]
    public async Task PublisherIsKilled_AnotherPublishesWithinTenSeconds()
    {
        await Pass(10);
        var publisher = Assert.Single(Publishers());
        var other = publisher == _first ? _second : _first;
        publisher.Dispose();
        var gap = 0;
        while (other.Sum(Completed) == 0)
        {
            Assert.True(++gap < 10, "two scrapes of the usual five seconds");
            _fixture.Clock.Advance(TimeSpan.FromSeconds(1));
            await other.Tracker.FlushAsync();
        }

        Assert.Equal(150, other.Sum(Completed));
    }

    [Fact]
    public async Task PublisherLeaves_AnotherPublishes()
    {
        await Pass(10);
        _part.Complete();
        await Pass(10);
        Assert.Equal(150, _first.Sum(Completed));
        Assert.Equal(0, _second.Sum(Completed));
        Assert.Equal(1, _first.Sum("workflow.run.participants"));
    }

    [Fact]
    public async Task Complete_WhoEndsTheRunPublishesItsEnd()
    {
        await Pass(10);
        _run.Complete();
        await Pass(5);
        var (first, second) = (_first.Collect(), _second.Collect());
        Assert.Equal(4, Assert.Single(first, reading => reading.Instrument.Name == State).Value);
        Assert.Equal(150, Assert.Single(first, reading => reading.Instrument.Name == Completed).Value);
        Assert.Single(first, reading => reading.Instrument.Name == "workflow.run.duration");
        Assert.DoesNotContain(second, reading => reading.Instrument.Name is State or Completed or "workflow.run.duration");
        Assert.All(first.Concat(second), reading => Assert.True(reading.Instrument.Name != "workflow.run.active" || reading.Value == 0));
    }

    [Fact]
    public async Task StoreIsGone_WhoPublishesGoesOn_AndTheOtherToo_OnceItHearsNothing()
    {
        await Pass(10);
        _fixture.Store.Before = _ => throw new IOException("gone");
        for (var second = 0; second < 10; second++)
        {
            await Pass(1, isWell: false);
            Assert.Single(Publishers());
        }

        await Pass(30, isWell: false);

        Assert.Equal(2, Publishers().Length);
        _fixture.Store.Before = _ => Task.CompletedTask;
        await Pass(10);
        Assert.Single(Publishers());
    }

    private TrackerFixture[] Publishers() => [.. new[] { _first, _second }.Where(process => process.Sum(Completed) > 0)];

    private async Task Pass(int seconds, bool isWell = true)
    {
        for (var second = 0; second < seconds; second++)
        {
            _fixture.Clock.Advance(TimeSpan.FromSeconds(1));
            for (var round = 0; round < 2; round++)
            {
                Assert.Equal(isWell, await _first.Tracker.FlushAsync());
                Assert.Equal(isWell, await _second.Tracker.FlushAsync());
            }
        }

        // What is shown is chosen on the next tick.
        _fixture.Clock.Advance(TimeSpan.FromSeconds(1));
    }

    private static WorkflowRunOptions Options(WhenLive whenLive = WhenLive.Throw) => new() { RunId = "job", WhenLive = whenLive };
}
