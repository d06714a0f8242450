using System.Diagnostics;
using System.Diagnostics.Metrics;
using ProgressTelemetry.Tests.Support;

namespace ProgressTelemetry.Tests.Listeners;

/// <summary>What listens to the spans and the meters may throw: the tracked work, and the run's further course, hear nothing of it.</summary>
public sealed class ForeignFailureTests : IDisposable
{
    private readonly RecordingListener _heard = new();
    private readonly TrackerFixture _fixture;
    private readonly string _workflow = "w" + Guid.NewGuid().ToString("N");

    public ForeignFailureTests() => _fixture = new TrackerFixture(null, _heard);

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Spans_ProcessorThrows_RunGoesItsWay(bool atStart, bool atEnd)
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "ProgressTelemetry",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = span => Throw(span, atStart),
            ActivityStopped = span => Throw(span, atEnd),
        };
        ActivitySource.AddActivityListener(listener);

        RunOnce();

        Assert.True(_fixture.Errors("publish_failed") > 0);
    }

    [Fact]
    public void Meters_ListenerThrows_RunGoesItsWay()
    {
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name.EndsWith(_fixture.Suffix, StringComparison.Ordinal))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, _, _, _) => throw new InvalidOperationException(instrument.Name));
        listener.Start();

        RunOnce();

        // The durations of a task, a stage and a run.
        Assert.Equal(3, _fixture.Errors("publish_failed"));
    }

    private void RunOnce()
    {
        var run = _fixture.Tracker.StartWorkflow(_workflow);
        var stage = run.StartStage("s", 1);
        stage.StartTask().Complete();
        stage.Complete();
        run.Complete();

        Assert.Equal([$"run {_workflow} started", "stage s started", "tasks 1", "stage s ended Success", $"run {_workflow} ended Success"], _heard.Heard);
        Assert.Empty(_fixture.Tracker.GetActive());
        Assert.Equal(0, _fixture.Sum("workflow.run.active"));
    }

    private void Throw(Activity span, bool now)
    {
        if (now && span.GetTagItem("workflow.name") is string name && name == _workflow)
        {
            throw new InvalidOperationException(span.DisplayName);
        }
    }
}
