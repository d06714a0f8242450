namespace ProgressTelemetry;

/// <summary>A named threshold of a run's completion.</summary>
public sealed record Milestone
{
    /// <summary>Declares a milestone.</summary>
    /// <param name="name">1 to 200 characters; the <c>workflow.milestone.name</c> attribute.</param>
    /// <param name="completionRatio">The completion at which it is reached, over 0 and up to 1.</param>
    /// <exception cref="ArgumentException">The name is empty or longer than 200 characters.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The ratio is not a number over 0 and up to 1.</exception>
    public Milestone(string name, double completionRatio)
    {
        Name = Checked.Name(name, "A milestone");
        CompletionRatio = completionRatio is > 0 and <= 1
            ? completionRatio
            : throw new ArgumentOutOfRangeException(nameof(completionRatio), completionRatio, $"The completion ratio of milestone '{name}' must be over 0 and up to 1.");
    }

    /// <summary>The milestone's name.</summary>
    public string Name { get; }

    /// <summary>The completion at which it is reached, over 0 and up to 1.</summary>
    public double CompletionRatio { get; }

    /// <summary>A milestone at a quarter, a half, three quarters and the whole of a run, named <c>25 %</c>, <c>50 %</c>, <c>75 %</c> and <c>100 %</c>.</summary>
    public static IReadOnlyList<Milestone> Quarters { get; } = [new("25 %", .25), new("50 %", .5), new("75 %", .75), new("100 %", 1)];
}
