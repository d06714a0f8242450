namespace ProgressTelemetry.Storage.Tests.Support;

/// <summary>A share that has something of everything.</summary>
internal static class Share
{
    private static readonly DateTimeOffset At = new(2026, 1, 1, 12, 0, 0, 123, TimeSpan.Zero);

    public static RunShare Of(string run, string participant = "p", long sequence = 1, long generation = 0) => new()
    {
        RunId = run,
        Workflow = "import",
        Participant = participant,
        Generation = generation,
        Sequence = sequence,
        Process = "machine:1",
        Version = "v1 'quoted' ünï \u0001",
        TraceId = "0123456789abcdef0123456789abcdef",
        SpanId = "0123456789abcdef",
        StartedAt = At,
        JoinedAt = At.AddSeconds(1),
        UpdatedAt = At.AddSeconds(sequence),
        LastProgressAt = At,
        State = WorkflowState.Waiting,
        Deadline = At.AddHours(1),
        DeclaredTasks = 100,
        RanSeconds = 1.0 / 3,
        Stages =
        [
            new StageShare
            {
                Name = "load", HasBegun = true, DependsOn = ["scan"], DeclaredTasks = 50, DeclaredAt = At, DoneTasks = 7, EndedTasks = [5, 2, 0, 0, 0, 0, 0], WallSeconds = .1 + .2,
                StartedAt = At, Result = WorkflowResult.Failure, EndedAt = At, Items = new Dictionary<string, long> { ["file"] = 3 },
            },
        ],
        Milestones = [new MilestoneStatus("half", .5, At), new MilestoneStatus("all", 1, null)],
    };
}
