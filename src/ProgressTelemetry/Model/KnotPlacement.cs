namespace ProgressTelemetry.Model;

/// <summary>
/// Where a stage's progress curve has its points: at its first completion, where 5, 10, 25, 50, 75, 90 and 95 % of its tasks were first reached, and at the last completion but one. A point lies where it was reached: at
/// <c>ceil(p n)</c> of <c>n</c> tasks, not at <c>p n</c>.
/// </summary>
internal static class KnotPlacement
{
    public const int Count = 9;

    private static readonly double[] _shares = [.05, .1, .25, .5, .75, .9, .95];

    /// <summary>The completed tasks, of <paramref name="size"/>, at which the point is reached.</summary>
    public static long Due(int knot, long size) => knot switch
    {
        0 => 1,
        Count - 1 => Math.Max(1, size - 1),
        _ => Math.Max(1, (long)Math.Ceiling((_shares[knot - 1] * size) - RoundingError)),
    };

    /// <summary>A share of a whole number of tasks that is whole itself may come out a little above.</summary>
    private const double RoundingError = 1e-9;
}
