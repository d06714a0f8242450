using System.Diagnostics.Metrics;
using ProgressTelemetry.EnginesTests.Support;

namespace ProgressTelemetry.EnginesTests.NothingBreaks;

public class LabelTests
{
    private const int Runs = 10_000;

    [Theory]
    [InlineData(true, 1, 1)]
    [InlineData(false, 201, 201)]
    public void Names_OfTenThousandRuns_MakeBoundedLabels(bool isOfIds, int mostWorkflows, int mostStages)
    {
        using var following = new Following(source =>
        [
            new(source, "run *", SpanRole.Run) { Workflow = "{op*}" },
            new(source, "task *", SpanRole.Task) { Stage = "{op*}" },
        ]);
        for (var i = 0; i < Runs; i++)
        {
            // Letters alone can't be told from a name: those are bounded by their number.
            var id = isOfIds ? $"{Guid.NewGuid()}-{i}" : string.Concat($"{i:D5}".Select(digit => (char)(digit + 'a' - '0')));
            using var run = following.Source.StartActivity($"run import-{id}");
            using var task = following.Source.StartActivity($"task load-{id}");
        }

        var labels = Labels();
        Assert.InRange(labels.Select(series => series.Workflow).Distinct().Count(), 1, mostWorkflows);
        Assert.InRange(labels.Select(series => series.Stage).Where(stage => stage is not null).Distinct().Count(), 1, mostStages);
        Assert.Equal(Runs, labels.Where(series => series.Instrument == "workflow.stage.tasks").Sum(series => series.Value));
    }

    private static List<(string Instrument, string? Workflow, string? Stage, long Value)> Labels()
    {
        var labels = new List<(string, string?, string?, long)>();
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "ProgressTelemetry")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var all = tags.ToArray();
            if (all.FirstOrDefault(tag => tag.Key == "workflow.name").Value is string workflow)
            {
                labels.Add((instrument.Name, workflow, all.FirstOrDefault(tag => tag.Key == "workflow.stage.name").Value as string, value));
            }
        });
        meters.Start();
        meters.RecordObservableInstruments();
        return labels;
    }
}
