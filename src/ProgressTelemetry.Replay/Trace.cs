namespace ProgressTelemetry.Replay;

/// <summary>A recorded run, checked: what happened in it, and what could have been planned of it.</summary>
public sealed class Trace
{
    private readonly Dictionary<string, int> _unreached;

    internal Trace(string file, IReadOnlyList<TraceEvent> events, TraceFacts facts)
    {
        (File, Events, _unreached) = (file, events, facts.Unreached);
        Name = facts.Name ?? Path.GetFileNameWithoutExtension(file);
        (Notes, Result) = (facts.Notes, facts.Result);
        Duration = events[^1].Seconds;
        Tasks = facts.Tasks + _unreached.Values.Sum();
        UnfinishedTasks = facts.UnfinishedTasks;
        EndedAt = facts.StartedAt + TimeSpan.FromSeconds(Duration);
        Stages = Plan();
    }

    /// <summary>Where it was read from, for messages.</summary>
    public string File { get; }

    /// <summary>The workflow's name where the recording says it, otherwise the file's, without folder and extension.</summary>
    public string Name { get; }

    /// <summary>What happened, in order of time.</summary>
    public IReadOnlyList<TraceEvent> Events { get; }

    /// <summary>What was put right, and what the format can't say: a line each, for the person who chose the file.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>How the run ended; null when the recording stops before it did.</summary>
    public WorkflowResult? Result { get; }

    /// <summary>The time of the last event, in s.</summary>
    public double Duration { get; }

    /// <summary>When the run ended; null when the recording has no dates.</summary>
    public DateTimeOffset? EndedAt { get; }

    /// <summary>How many tasks it has, each counted once however often it was tried.</summary>
    public int Tasks { get; }

    /// <summary>Of the <see cref="Tasks"/>, those that started and never ended.</summary>
    public int UnfinishedTasks { get; }

    /// <summary>The stages in order of first event, each with its number of tasks and the stages that its tasks needed.</summary>
    public IReadOnlyList<PlannedStage> Stages { get; }

    /// <summary>How many tasks of a stage the run knew of and never came to.</summary>
    internal int Unreached(string stage) => _unreached.GetValueOrDefault(stage);

    private List<PlannedStage> Plan()
    {
        var stageOf = Events.Where(e => e.Task.Length > 0 && IsOfTask(e)).DistinctBy(e => e.Task, StringComparer.Ordinal).ToDictionary(e => e.Task, e => e.Stage, StringComparer.Ordinal);
        var tasks = stageOf.Values.CountBy(stage => stage, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var needs = new StageDependencies();
        foreach (var e in Events)
        {
            // A recording may leave out tasks that took no time; a parent among those says nothing about stages.
            foreach (var parent in e.Parents)
            {
                if (stageOf.TryGetValue(parent, out var needed))
                {
                    needs.Add(e.Stage, needed);
                }
            }
        }

        return
        [
            .. Events.Select(e => e.Stage).Concat(_unreached.Keys).Distinct(StringComparer.Ordinal)
                .Select(stage => new PlannedStage(stage, tasks.GetValueOrDefault(stage) + Unreached(stage), needs.Acyclic(stage))),
        ];
    }

    private static bool IsOfTask(TraceEvent e) => e.Kind is not (TraceEventKind.Wait or TraceEventKind.Resume);
}
