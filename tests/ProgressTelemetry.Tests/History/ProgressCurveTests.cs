using ProgressTelemetry.Model;
using ProgressTelemetry.Estimation;
using ProgressTelemetry.History;
using Xunit;

namespace ProgressTelemetry.Tests.History;

/// <summary>A stage's curve has its points where they were reached.</summary>
public class ProgressCurveTests
{
    [Theory]
    [InlineData(1, new long[] { 1, 1, 1, 1, 1, 1, 1, 1, 1 })]
    [InlineData(4, new long[] { 1, 1, 1, 1, 2, 3, 4, 4, 3 })]
    [InlineData(7, new long[] { 1, 1, 1, 2, 4, 6, 7, 7, 6 })]
    [InlineData(20, new long[] { 1, 1, 2, 5, 10, 15, 18, 19, 19 })]
    [InlineData(1000, new long[] { 1, 50, 100, 250, 500, 750, 900, 950, 999 })]
    public void Due_OfThatManyTasks_IsWhereTheShareIsFirstReached(long tasks, long[] due) =>
        Assert.Equal(due, Enumerable.Range(0, KnotPlacement.Count).Select(knot => KnotPlacement.Due(knot, tasks)));

    [Fact]
    public void At_FourTasks_HasAPointAtEachCompletion()
    {
        var curve = new ProgressCurve(4, [.1, .1, .1, .1, .3, .6, 1, 1, .6]);
        Assert.Equal([0, .05, .1, .2, .3, .45, .6, .8, 1, 1], new[] { 0, .125, .25, .375, .5, .625, .75, .875, 1, 1.5 }.Select(x => Math.Round(curve.At(x), 9)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(19)]
    [InlineData(137)]
    public void WallShares_OfTasksOfAnyDuration_ArePointsOfTheTrueCurve(int tasks)
    {
        var random = new Random(tasks);
        var knots = new WallKnots(tasks);
        var walls = new List<double> { 0 };
        for (var i = 1; i <= tasks; i++)
        {
            walls.Add(walls[^1] + random.NextDouble());
            knots.Reach(i, walls[^1]);
        }

        var shares = knots.Shares(tasks, walls[^1]);
        var curve = new ProgressCurve(tasks, shares);
        for (var knot = 0; knot < KnotPlacement.Count; knot++)
        {
            var due = (int)KnotPlacement.Due(knot, tasks);
            Assert.Equal(walls[due] / walls[^1], shares[knot], 9);
            Assert.Equal(walls[due] / walls[^1], curve.At((double)due / tasks), 9);
        }
    }
}
