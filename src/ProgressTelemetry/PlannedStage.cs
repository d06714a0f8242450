namespace ProgressTelemetry;

/// <summary>A stage that a run is going to have: it is shown as pending, and counts towards what is expected, before it starts.</summary>
public sealed record PlannedStage
{
    /// <summary>Plans a stage.</summary>
    /// <param name="name">1 to 200 characters; the <c>workflow.stage.name</c> attribute.</param>
    /// <param name="expectedTasks">
    /// How many tasks it will have, 0 or more; null while that is unknown, which leaves the run's completion unknown too, unless <see cref="WorkflowRunOptions.ExpectedTasks"/> gives a total.
    /// A stage that is never given tasks counts as one task: plan it with 1.
    /// </param>
    /// <param name="dependsOn">The names of the planned stages that must end before it starts; used to find the chain that decides the run's end.</param>
    /// <exception cref="ArgumentException">A name is empty or longer than 200 characters.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of tasks is negative or over 2^53.</exception>
    public PlannedStage(string name, long? expectedTasks = null, IEnumerable<string>? dependsOn = null)
    {
        Name = Checked.Name(name, "A stage");
        ExpectedTasks = expectedTasks is { } tasks ? Checked.Count(tasks, nameof(expectedTasks)) : null;
        DependsOn = dependsOn is null ? [] : [.. dependsOn.Select(d => Checked.Name(d, "A stage"))];
    }

    /// <summary>The stage's name.</summary>
    public string Name { get; }

    /// <summary>The number of tasks, or null while it is unknown.</summary>
    public long? ExpectedTasks { get; }

    /// <summary>The stages that must end before this one starts.</summary>
    public IReadOnlyList<string> DependsOn { get; }

    /// <summary>Plans a stage whose number of tasks is unknown.</summary>
    /// <param name="name">The stage's name.</param>
    public static implicit operator PlannedStage(string name) => new(name);

    /// <summary>Plans a stage whose number of tasks is unknown.</summary>
    /// <param name="name">The stage's name.</param>
    /// <returns>The planned stage.</returns>
    public static PlannedStage FromString(string name) => new(name);
}
