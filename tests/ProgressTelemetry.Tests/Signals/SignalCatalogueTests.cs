using System.Diagnostics.Metrics;
using ProgressTelemetry.Signals;
using ProgressTelemetry.TestSupport;
using ProgressTelemetry.Tests.Support;

namespace ProgressTelemetry.Tests.Signals;

/// <summary>The catalogue against the design's tables, and the instruments against the catalogue.</summary>
public class SignalCatalogueTests
{
    // As the design states them: meter, name, kind, unit, attributes beside workflow.name (and workflow.run.id), scraped name.
    private const string Design = """
        T | workflow.run.active | UpDownCounter | {run} | workflow.name | workflow_run_active
        T | workflow.run.duration | Histogram | s | workflow.name workflow.run.result error.type | workflow_run_duration_seconds
        T | workflow.run.stalls | Counter | {stall} | workflow.name | workflow_run_stalls_total
        T | workflow.stage.active | UpDownCounter | {stage} | workflow.name workflow.stage.name | workflow_stage_active
        T | workflow.stage.duration | Histogram | s | workflow.name workflow.stage.name workflow.stage.result error.type | workflow_stage_duration_seconds
        T | workflow.stage.tasks | Counter | {task} | workflow.name workflow.stage.name workflow.task.result | workflow_stage_tasks_total
        T | workflow.task.duration | Histogram | s | workflow.name workflow.stage.name workflow.task.result | workflow_task_duration_seconds
        T | workflow.stage.revisions | Counter | {revision} | workflow.name workflow.stage.name | workflow_stage_revisions_total
        T | workflow.stage.items | Counter | {item} | workflow.name workflow.stage.name workflow.item.kind | workflow_stage_items_total
        T | workflow.stage.throughput | Gauge | {task}/s | workflow.name workflow.stage.name | workflow_stage_throughput_per_second
        T | workflow.stage.wall_time | Counter | s | workflow.name workflow.stage.name | workflow_stage_wall_time_seconds_total
        T | workflow.stage.wait_time | Counter | s | workflow.name workflow.stage.name | workflow_stage_wait_time_seconds_total
        T | workflow.run.last_success.timestamp | Gauge | s | workflow.name | workflow_run_last_success_timestamp_seconds
        T | workflow.run.hidden | Gauge | {run} | workflow.name | workflow_run_hidden
        T | progress.tracker.heartbeat.timestamp | Gauge | s | | progress_tracker_heartbeat_timestamp_seconds
        T | progress.tracker.errors | Counter | {error} | error.type | progress_tracker_errors_total
        T | workflow.milestone.reached | Counter | {milestone} | workflow.name workflow.milestone.name | workflow_milestone_reached_total
        T | workflow.stage.task.attempts | Counter | {attempt} | workflow.name workflow.stage.name | workflow_stage_task_attempts_total
        R | workflow.run.info | Gauge | | workflow.name workflow.run.id workflow.run.parent.id trace_id workflow.version | workflow_run_info
        R | workflow.run.state | Gauge | | workflow.name workflow.run.id | workflow_run_state
        R | workflow.run.completion.ratio | Gauge | 1 | workflow.name workflow.run.id | workflow_run_completion_ratio
        R | workflow.run.tasks.completed | Gauge | {task} | workflow.name workflow.run.id | workflow_run_tasks_completed
        R | workflow.run.tasks.expected | Gauge | {task} | workflow.name workflow.run.id | workflow_run_tasks_expected
        R | workflow.run.start.timestamp | Gauge | s | workflow.name workflow.run.id | workflow_run_start_timestamp_seconds
        R | workflow.run.last_progress.timestamp | Gauge | s | workflow.name workflow.run.id | workflow_run_last_progress_timestamp_seconds
        R | workflow.run.deadline.timestamp | Gauge | s | workflow.name workflow.run.id | workflow_run_deadline_timestamp_seconds
        R | workflow.run.estimated_end.timestamp | Gauge | s | workflow.name workflow.run.id workflow.estimate | workflow_run_estimated_end_timestamp_seconds
        R | workflow.run.stall.threshold | Gauge | s | workflow.name workflow.run.id | workflow_run_stall_threshold_seconds
        R | workflow.run.participants | Gauge | {process} | workflow.name workflow.run.id | workflow_run_participants
        R | workflow.run.stage.state | Gauge | | workflow.name workflow.run.id workflow.stage.index workflow.stage.name | workflow_run_stage_state
        R | workflow.run.stage.completion.ratio | Gauge | 1 | workflow.name workflow.run.id workflow.stage.index workflow.stage.name | workflow_run_stage_completion_ratio
        R | workflow.run.stage.revisions | Gauge | {revision} | workflow.name workflow.run.id workflow.stage.index workflow.stage.name | workflow_run_stage_revisions
        R | workflow.run.milestone.timestamp | Gauge | s | workflow.name workflow.run.id workflow.milestone.name | workflow_run_milestone_timestamp_seconds
        """;

    [Fact]
    public void Catalogue_IsTheDesigns()
    {
        var design = Design.Split('\n').Select(line => string.Join(" | ", line.Split('|').Select((cell, i) =>
            i == 4 ? string.Join(' ', cell.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)) : cell.Trim())));
        var catalogue = SignalCatalogue.Tracker.Select(i => ("T", i)).Concat(SignalCatalogue.Runs.Select(i => ("R", i)))
            .Select(e => $"{e.Item1} | {e.i.Name} | {e.i.Kind} | {e.i.Unit} | {string.Join(' ', e.i.AttributeKeys)} | {e.i.ScrapedAs}");
        Assert.Equal(design.Order(StringComparer.Ordinal), catalogue.Order(StringComparer.Ordinal));
        Assert.All(SignalCatalogue.Tracker, i => Assert.Equal("ProgressTelemetry", i.Meter));
        Assert.All(SignalCatalogue.Runs, i => Assert.Equal("ProgressTelemetry.Runs", i.Meter));
    }

    [Fact]
    public async Task Instruments_OfABusyTracker_AreTheCataloguesAndCarryItsAttributesInOrder()
    {
        using var spans = new SpanRecorder();
        var clock = new ManualTimeProvider();
        using var fixture = new TrackerFixture(new InMemoryRunStore(clock), clock, o => o.MinShownRunAge = TimeSpan.Zero);
        var busy = fixture.Tracker.StartWorkflow("w", new()
        {
            ExpectedTasks = 10, Version = "v1", Milestones = [new("half", .5)], Deadline = fixture.Tracker.UtcNow.AddHours(1), Stages = [new("s", 10), new("later")],
        });
        var stage = busy.StartStage("s");
        for (var i = 0; i < 6; i++)
        {
            var task = stage.StartTask();
            fixture.Advance(1);
            task.Complete();
        }

        stage.RecordItems("platform");
        stage.Fail("x");
        fixture.Tracker.StartWorkflow("w", new() { ParentStage = busy.StartStage("later") });
        var other = fixture.Tracker.StartWorkflow("w");
        other.Fail("y");
        fixture.Tracker.StartWorkflow("w").Complete();
        await fixture.Tracker.FlushAsync();
        var readings = fixture.Collect();

        var told = readings.Select(r => r.Instrument.Name).Distinct();
        Assert.Equal(SignalCatalogue.Tracker.Concat(SignalCatalogue.Runs).Select(i => i.Name).Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
        foreach (var reading in readings)
        {
            var definition = SignalCatalogue.Find(reading.Instrument.Name);
            Assert.Equal(definition.Meter + fixture.Suffix, reading.Instrument.Meter.Name);
            Assert.Equal(definition.Unit, reading.Instrument.Unit ?? "");
            Assert.Equal(definition.Description, reading.Instrument.Description);
            Assert.Equal(definition.Kind, KindOf(reading.Instrument));
            Assert.Equal("0.1.0", reading.Instrument.Meter.Version);
            Assert.Equal("https://opentelemetry.io/schemas/1.44.0", reading.Instrument.Meter.TelemetrySchemaUrl);
            var keys = reading.Tags.Select(t => t.Key).ToArray();
            Assert.Equal(keys.Order(StringComparer.Ordinal), keys);
            Assert.Empty(keys.Except(definition.AttributeKeys));
            Assert.All(reading.Tags, tag => Assert.IsType<string>(tag.Value));
        }

        // Somewhere each declared attribute is used.
        foreach (var definition in SignalCatalogue.Tracker.Concat(SignalCatalogue.Runs))
        {
            Assert.Equal(definition.AttributeKeys, readings.Where(r => r.Instrument.Name == definition.Name).SelectMany(r => r.Tags).Select(t => t.Key).Distinct().Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void KnownCounters_FromThePlan_StandAtZero()
    {
        using var fixture = new TrackerFixture();
        using var run = fixture.Tracker.StartWorkflow("w", new() { Stages = ["a", "b"], Milestones = [new("m", .5)] });
        var readings = fixture.Collect();
        foreach (var (instrument, sets) in ((string, int)[])[
            ("workflow.run.stalls", 1), ("workflow.run.hidden", 1), ("workflow.stage.active", 2), ("workflow.stage.tasks", 6), ("workflow.stage.revisions", 2), ("workflow.stage.throughput", 2),
            ("workflow.stage.wall_time", 2), ("workflow.stage.wait_time", 2), ("workflow.milestone.reached", 1), ("progress.tracker.errors", 11)])
        {
            var told = readings.Where(r => r.Instrument.Name == instrument).ToArray();
            Assert.Equal((instrument, sets), (instrument, told.Length));
            Assert.All(told, r => Assert.Equal(instrument == "workflow.run.hidden" ? 1 : 0, r.Value));
        }

        Assert.Equal(["failure", "skip", "success"], readings.Where(r => r.Instrument.Name == "workflow.stage.tasks").Select(r => r["workflow.task.result"]).Distinct().Order());
    }

    [Fact]
    public void Histograms_HaveBoundariesInSeconds()
    {
        using var fixture = new TrackerFixture();
        var histograms = new List<Histogram<double>>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument is Histogram<double> histogram && instrument.Meter.Name.EndsWith(fixture.Suffix, StringComparison.Ordinal))
            {
                histograms.Add(histogram);
            }
        };
        listener.Start();
        Assert.Equal(3, histograms.Count);
        Assert.All(histograms, h => Assert.InRange(h.Advice!.HistogramBucketBoundaries!.Count, 10, 20));
    }

    private static InstrumentKind KindOf(Instrument instrument) => instrument switch
    {
        ObservableCounter<long> or ObservableCounter<double> => InstrumentKind.Counter,
        ObservableUpDownCounter<long> or ObservableUpDownCounter<double> => InstrumentKind.UpDownCounter,
        ObservableGauge<long> or ObservableGauge<double> => InstrumentKind.Gauge,
        Histogram<double> => InstrumentKind.Histogram,
        _ => throw new InvalidOperationException($"{instrument.Name} is a {instrument.GetType()}"),
    };
}
