using System.Globalization;
using ProgressTelemetry.Estimation;

namespace ProgressTelemetry.Tests.Estimation;

/// <summary>A run's event stream as recorded: t, start or complete, task, stage.</summary>
internal sealed record TraceEvent(double T, bool IsStart, string Task, string Stage);

/// <summary>Replays a recorded run into the estimator, which is what the tracker does with a live one.</summary>
internal sealed class Trace
{
    private Trace(IReadOnlyList<TraceEvent> events)
    {
        Events = events;
        Duration = events[^1].T;
        Sizes = events.Where(e => e.IsStart).GroupBy(e => e.Stage, StringComparer.Ordinal).Select(g => (g.Key, g.LongCount())).ToList();
    }

    public IReadOnlyList<TraceEvent> Events { get; }

    public double Duration { get; }

    /// <summary>Tasks of each stage, in order of first start.</summary>
    public IReadOnlyList<(string Stage, long Tasks)> Sizes { get; }

    public static Trace Read(string path) => new(File.ReadLines(path).Skip(1).Where(line => line.Length > 0).Select(line =>
    {
        var cells = line.Split(',');
        return new TraceEvent(double.Parse(cells[0], CultureInfo.InvariantCulture), cells[1] == "start", cells[2], cells[3]);
    }).ToList());

    /// <summary>Plays the run; <paramref name="look"/> sees it at each of the given shares of its duration, before the events after that moment; <paramref name="beforeEvent"/> before each event.
    /// With <paramref name="opensStages"/> each stage is entered with its first task and left after its last, as the tracker does.</summary>
    public RunModel Replay(IEnumerable<double>? shares = null, Action<double, double, RunModel>? look = null, Action<double, RunModel>? beforeEvent = null, bool opensStages = false)
    {
        var run = new RunModel();
        var stages = Sizes.ToDictionary(s => s.Stage, s => run.AddStage(s.Stage, s.Tasks), StringComparer.Ordinal);
        var started = new Dictionary<string, double>(StringComparer.Ordinal);
        var due = new Queue<double>(shares ?? []);
        foreach (var e in Events)
        {
            while (due.TryPeek(out var share) && share * Duration < e.T)
                look?.Invoke(due.Dequeue(), share * Duration, run);
            beforeEvent?.Invoke(e.T, run);
            var stage = stages[e.Stage];
            if (opensStages && e.IsStart && !stage.Begun)
                run.Enter(stage, e.T);
            if (e.IsStart)
            {
                started[e.Task] = e.T;
                run.Start(stage, e.T);
            }
            else
            {
                run.Complete(stage, e.T, started[e.Task]);
                if (opensStages && stage.Done == stage.Expected)
                    run.Leave(stage, e.T);
            }
        }

        while (due.TryDequeue(out var share))
            look?.Invoke(share, share * Duration, run);
        return run;
    }

    public RunProfile Profile() => Replay().ToProfile(Duration, version: null);
}
