using System.Collections.Immutable;
using ProgressTelemetry.History;
using ProgressTelemetry.Tests.Estimation;
using Xunit;

namespace ProgressTelemetry.Tests.History;

/// <summary>What a history file holds, and what of an older one is made.</summary>
public class HistoryFileTests
{
    /// <summary>Whatever the limit: the newest first, and none left out for which there would have been room.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    public void Write_JustTooLarge_LeavesOutNoMoreThanItMust(int fitting)
    {
        KeyValuePair<string, ImmutableArray<RunProfile>>[] workflows = [.. Enumerable.Range(10, 64).Select(i => KeyValuePair.Create($"w{i}", ImmutableArray.Create(Profiles.Of(i))))];
        var limit = HistoryFile.Write(workflows[..fitting], long.MaxValue).Length;
        foreach (var (bytes, expected) in new[] { (limit - 1, Math.Max(0, fitting - 1)), (limit, fitting), (limit + 1, fitting) })
        {
            var written = HistoryFile.Write(workflows, bytes);
            Assert.Equal(workflows.Take(expected).Select(w => w.Key), HistoryFile.Parse(written.Span).Workflows.Select(w => w.Workflow));
        }
    }

    [Fact]
    public void Write_FirstWorkflowTooLarge_WritesTheOthers()
    {
        var written = HistoryFile.Write([new("large", [Profiles.Of(1, stages: 100)]), new("small", [Profiles.Of(2)])], 2000);
        Assert.Equal("small", Assert.Single(HistoryFile.Parse(written.Span).Workflows).Workflow);
    }

    [Fact]
    public void Parse_FirstFormat_PutsItsFourPointsWhereTheyWereReached()
    {
        const string File = """
            {"format":1,"workflows":[{"workflow":"w","profiles":[{"version":"v1","tasks":104,"durationSeconds":60,"longestSilenceSeconds":3,"waitSeconds":2,"idleSeconds":1,"stages":[
            {"name":"many","tasks":100,"meanSeconds":2,"longestSeconds":9,"wallSeconds":50,"waitSeconds":2,"wallShareAtFirst":0.1,"wallShareAt25":0.4,"wallShareAt50":0.6,"wallShareAt75":0.9},
            {"name":"three","tasks":3,"meanSeconds":2,"longestSeconds":9,"wallSeconds":9,"waitSeconds":0,"wallShareAtFirst":0.2,"wallShareAt25":0.2,"wallShareAt50":0.5,"wallShareAt75":1},
            {"name":"one","tasks":1,"meanSeconds":1,"longestSeconds":1,"wallSeconds":1,"waitSeconds":0,"wallShareAtFirst":1,"wallShareAt25":1,"wallShareAt50":1,"wallShareAt75":1}]}]}]}
            """;
        var profile = Assert.Single(Assert.Single(HistoryFile.Parse(System.Text.Encoding.UTF8.GetBytes(File)).Workflows).Profiles);
        Assert.Equal(("v1", 104, null, 60, 3, 2, 1), (profile.Version, profile.Tasks, profile.WorkedTasks, profile.DurationSeconds, profile.LongestSilenceSeconds, profile.WaitSeconds, profile.IdleSeconds));
        var (many, three, one) = (profile.Stages[0], profile.Stages[1], profile.Stages[2]);
        Assert.Equal(("many", 100, 2, 9, 50, 2), (many.Name, many.Tasks, many.MeanSeconds, many.LongestSeconds, many.WallSeconds, many.WaitSeconds));
        Assert.Equal([.1, .15, .2125, .4, .6, .9, .96, .98, .996], many.WallShares.Select(share => Math.Round(share, 9)));
        Assert.Equal([0, .1, .4, .6, .9, .96, 1], new[] { 0, .01, .25, .5, .75, .9, 1 }.Select(x => Math.Round(many.Curve.At(x), 9)));
        Assert.Equal([.2, .5, 1], new[] { 1 / 3.0, 2 / 3.0, 1 }.Select(x => Math.Round(three.Curve.At(x), 9)));
        Assert.Equal(.5, one.Curve.At(.5), 9);
        Assert.True(profile.IsValid);
    }
}
