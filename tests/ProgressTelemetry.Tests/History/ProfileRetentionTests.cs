using ProgressTelemetry.Tests.Estimation;
using Xunit;

namespace ProgressTelemetry.Tests.History;

/// <summary>Profiles are kept for what they teach.</summary>
public class ProfileRetentionTests
{
    [Fact]
    public void Add_MostlySkippedRuns_NeverDisplaceAFullOne()
    {
        var history = new InMemoryRunHistory(profilesPerWorkflow: 3);
        for (var i = 1; i <= 3; i++)
            history.Add("w", Profiles.Of(i));
        for (var i = 4; i <= 9; i++)
            history.Add("w", Profiles.Of(i, worked: 9));
        Assert.Equal([3, 2, 1], Durations(history));
    }

    [Fact]
    public void Add_FullRuns_DisplaceMostlySkippedOnesFirstWhateverTheirAge()
    {
        var history = new InMemoryRunHistory(profilesPerWorkflow: 3);
        history.Add("w", Profiles.Of(1));
        history.Add("w", Profiles.Of(2, worked: 0));
        history.Add("w", Profiles.Of(3, worked: 9));
        Assert.Equal([3, 2, 1], Durations(history));
        history.Add("w", Profiles.Of(4));
        Assert.Equal([4, 3, 1], Durations(history));
        history.Add("w", Profiles.Of(5));
        history.Add("w", Profiles.Of(6));
        Assert.Equal([6, 5, 4], Durations(history));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(20L, true)]
    [InlineData(10L, true)]
    [InlineData(9L, false)]
    [InlineData(0L, false)]
    public void Teaches_WorkedTasksOfTwenty_FromHalfOn(long? worked, bool teaches) => Assert.Equal(teaches, Profiles.Of(1, worked: worked).Teaches);

    private static double[] Durations(InMemoryRunHistory history) => [.. history.GetProfiles("w").Select(p => p.DurationSeconds)];
}
