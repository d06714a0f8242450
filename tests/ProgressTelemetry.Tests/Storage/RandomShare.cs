namespace ProgressTelemetry.Tests.Storage;

/// <summary>Shares whose whole content follows from who made it and as which one, as it does for a participant that never tells two things under one number.</summary>
internal static class RandomShare
{
    public static readonly DateTimeOffset Origin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static RunShare Of(ShareKey key)
    {
        var random = new Random((key.Participant * 31) + (key.Generation * 7) + key.Sequence);
        var joined = Origin.AddSeconds(random.Next(100));
        var result = random.Next(4) == 0 ? (WorkflowResult?)random.Next(3) : null;
        return new RunShare
        {
            RunId = "r",
            Workflow = "import",
            Participant = $"p{key.Participant}",
            Generation = key.Generation,
            Sequence = key.Sequence,
            StartedAt = joined,
            JoinedAt = joined,
            UpdatedAt = joined.AddSeconds(random.Next(5)),
            LastProgressAt = joined.AddSeconds(random.Next(5)),
            RanSeconds = random.NextDouble() * 50,
            IdleSeconds = random.NextDouble(),
            LeftAt = random.Next(3) == 0 ? joined : null,
            EndedAt = result is null ? null : joined.AddSeconds(random.Next(3)),
            Result = result,
            State = result is null ? (WorkflowState)random.Next(1, 4) : WorkflowState.Failed,
            DeclaredTasks = random.Next(3) == 0 ? random.Next(100) : null,
            Stages = [.. new[] { "load", "index", "publish" }.Where(_ => random.Next(3) > 0).Select(name => Stage(name, random))],
            Milestones = [new MilestoneStatus("half", .5, random.Next(2) == 0 ? joined : null), new MilestoneStatus("all", 1, random.Next(3) == 0 ? joined : null)],
        };
    }

    private static StageShare Stage(string name, Random random)
    {
        var at = Origin.AddSeconds(random.Next(10));
        var isOver = random.Next(3) == 0;
        var done = random.Next(9) == 0 ? 1L << 49 : random.Next(1000);
        return new StageShare
        {
            Name = name,
            Index = random.Next(3),
            HasBegun = random.Next(4) > 0,
            IsActive = !isOver && random.Next(2) == 0,
            IsFinished = isOver,
            IsTimed = random.Next(2) == 0,
            DeclaredTasks = random.Next(3) == 0 ? null : done + random.Next(2000),
            DeclaredAt = at,
            DoneTasks = done,
            EndedTasks = [.. Enumerable.Range(0, random.Next(8)).Select(_ => (long)random.Next(100))],
            Revisions = random.Next(5),
            Attempts = random.Next(3),
            WallSeconds = random.NextDouble() * 20,
            TimedSeconds = random.NextDouble() * 20,
            TimedTasks = random.Next(10),
            LongestSeconds = random.NextDouble(),
            StartedAt = random.Next(4) == 0 ? null : at,
            EndedAt = isOver ? at : null,
            Result = isOver ? (WorkflowResult)random.Next(3) : null,
            Items = random.Next(2) == 0 ? new Dictionary<string, long> { ["file"] = random.Next(9), ["row"] = 1 } : new Dictionary<string, long>(),
        };
    }
}

/// <summary>Who made a share, for which run of its id, and as which one.</summary>
internal sealed record ShareKey(int Participant, int Generation, int Sequence);
