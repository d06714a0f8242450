using Xunit;

namespace ProgressTelemetry.Tests.Estimation;

/// <summary>What every history does, and the bounds of the one in memory.</summary>
public class RunHistoryTests
{
    [Fact]
    public void GetProfiles_AfterMoreThanCapacity_NewestFirstOldestForgotten()
    {
        var history = new InMemoryRunHistory(profilesPerWorkflow: 3);
        for (var i = 1; i <= 5; i++)
            history.Add("w", Profiles.Of(i));
        Assert.Equal([5, 4, 3], history.GetProfiles("w").Select(p => p.DurationSeconds));
        Assert.Empty(history.GetProfiles("other"));
    }

    [Fact]
    public void Add_MoreWorkflowsThanKept_ForgetsTheOneNotRunForLongest()
    {
        var history = new InMemoryRunHistory(maxWorkflows: 2);
        history.Add("a", Profiles.Of(1));
        history.Add("b", Profiles.Of(2));
        history.Add("a", Profiles.Of(3));
        history.Add("c", Profiles.Of(4));
        Assert.Equal([2, 0, 1], new[] { "a", "b", "c" }.Select(w => history.GetProfiles(w).Length));
    }

    [Fact]
    public void Add_WrongArguments_ThrowsAtTheCall()
    {
        var history = new InMemoryRunHistory();
        Assert.Throws<ArgumentException>(() => history.Add("", Profiles.Of(1)));
        Assert.Throws<ArgumentNullException>(() => history.Add("w", null!));
        Assert.Throws<ArgumentException>(() => history.Add("w", Profiles.Of(double.NaN)));
        Assert.Throws<ArgumentException>(() => history.GetProfiles(""));
        Assert.Throws<ArgumentOutOfRangeException>(() => new InMemoryRunHistory(profilesPerWorkflow: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new InMemoryRunHistory(maxWorkflows: 0));
    }

    [Fact]
    public void Add_FromManyThreads_KeepsCapacityAndEveryWorkflow()
    {
        var history = new InMemoryRunHistory();
        Parallel.For(0, 1000, i => history.Add($"w{i % 10}", Profiles.Of(i)));
        Assert.All(Enumerable.Range(0, 10), i => Assert.Equal(InMemoryRunHistory.DefaultProfilesPerWorkflow, history.GetProfiles($"w{i}").Length));
    }
}

internal static class Profiles
{
    public static RunProfile Of(double duration, int stages = 2, long? worked = null) => new()
    {
        Version = "v1",
        Tasks = 10 * stages,
        WorkedTasks = worked,
        DurationSeconds = duration,
        LongestSilenceSeconds = 1.5,
        WaitSeconds = .25,
        Stages = [.. Enumerable.Range(0, stages).Select(i => new StageProfile
        {
            Name = $"stage \"{i}\" <é>",
            Tasks = 10,
            MeanSeconds = .1,
            LongestSeconds = .3,
            WallSeconds = 1.0 / 3,
            WaitSeconds = .125,
            WallShares = [.1, .15, .2, .3, .4, .6, .7, .8, .9],
        })],
    };
}
