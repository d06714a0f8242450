namespace ProgressTelemetry.Replay;

/// <summary>A run's event stream, checked, and what can be planned from it.</summary>
public sealed class Trace
{
    internal Trace(string file, IReadOnlyList<TraceEvent> events)
    {
        File = file;
        Events = events;
        Name = Path.GetFileNameWithoutExtension(file);
        Duration = events[^1].Seconds;
        CompletedTasks = events.Count(e => e.Kind == TraceEventKind.Complete);
        StartedTasks = events.Count - CompletedTasks;
        Stages = Plan(events);
    }

    /// <summary>Where it was read from, for messages.</summary>
    public string File { get; }

    /// <summary>The file's name without folder and extension.</summary>
    public string Name { get; }

    /// <summary>What happened, in order of time.</summary>
    public IReadOnlyList<TraceEvent> Events { get; }

    /// <summary>The time of the last event, in s.</summary>
    public double Duration { get; }

    /// <summary>How many tasks it has.</summary>
    public int StartedTasks { get; }

    /// <summary>Fewer than <see cref="StartedTasks"/> when the recording ends before the run did.</summary>
    public int CompletedTasks { get; }

    /// <summary>The stages in order of first start, each with its number of tasks and the stages that its tasks needed.</summary>
    public IReadOnlyList<PlannedStage> Stages { get; }

    private static List<PlannedStage> Plan(IReadOnlyList<TraceEvent> events)
    {
        var starts = events.Where(e => e.Kind == TraceEventKind.Start).ToList();
        var stageOf = starts.ToDictionary(e => e.Task, e => e.Stage, StringComparer.Ordinal);
        var tasks = new Dictionary<string, int>(StringComparer.Ordinal);
        var needs = new StageDependencies();
        var order = new List<string>();
        foreach (var start in starts)
        {
            if (!tasks.TryGetValue(start.Stage, out var count))
            {
                order.Add(start.Stage);
            }

            tasks[start.Stage] = count + 1;
            foreach (var parent in start.Parents)
            {
                // A recording may leave out tasks that took no time; a parent among those says nothing about stages.
                if (stageOf.TryGetValue(parent, out var parentStage))
                {
                    needs.Add(start.Stage, parentStage);
                }
            }
        }

        return [.. order.Select(stage => new PlannedStage(stage, tasks[stage], needs.Acyclic(stage)))];
    }
}
