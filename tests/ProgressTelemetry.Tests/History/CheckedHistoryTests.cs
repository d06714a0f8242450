using System.Collections.Immutable;
using ProgressTelemetry.History;
using ProgressTelemetry.Tests.Estimation;
using Xunit;

namespace ProgressTelemetry.Tests.History;

/// <summary>Whatever a history returns or throws, only what is fit for use passes, and the rest is told.</summary>
public class CheckedHistoryTests
{
    private readonly List<(string What, Exception? Exception)> _reports = [];

    public static TheoryData<string, RunProfile?> Unfit => new()
    {
        { "null", null },
        { "NaN duration", Profiles.Of(double.NaN) },
        { "negative duration", Profiles.Of(-1) },
        { "infinite duration", Profiles.Of(double.PositiveInfinity) },
        { "no tasks", With(tasks: 0) },
        { "more worked than tasks", With(worked: 11) },
        { "fewer worked than none", With(worked: -1) },
        { "no stages", With(stages: null) },
        { "null stage", With(stages: [null!]) },
        { "a stage twice", With(stages: [Stage(), Stage()]) },
        { "nameless stage", With(stages: [Stage(name: "")]) },
        { "stage without tasks", With(stages: [Stage(tasks: 0)]) },
        { "NaN mean", With(stages: [Stage(mean: double.NaN)]) },
        { "no shares", With(stages: [Stage(shares: null)]) },
        { "eight shares", With(stages: [Stage(shares: [0, 0, 0, 0, 0, 0, 0, 0])]) },
        { "share above one", With(stages: [Stage(shares: [0, 0, 0, 0, 0, 0, 0, 0, 1.1])]) },
        { "NaN share", With(stages: [Stage(shares: [0, 0, 0, 0, double.NaN, 0, 0, 0, 1])]) },
    };

    [Theory]
    [MemberData(nameof(Unfit), DisableDiscoveryEnumeration = true)]
    public void GetProfiles_OneUnfit_OthersPassAndItIsReported(string what, RunProfile? unfit)
    {
        var (newer, older) = (Profiles.Of(2), Profiles.Of(1));
        Assert.Equal([newer, older], Checked(() => [newer, unfit!, older]).GetProfiles("w", 5));
        Assert.Null(Assert.Single(_reports).Exception);
        Assert.True(_reports[0].What.Contains("1 of 3", StringComparison.Ordinal), what);
    }

    [Fact]
    public void GetProfiles_AllFit_NewestUpToTheNumberAndNoReport()
    {
        var all = Enumerable.Range(0, 7).Select(i => Profiles.Of(i)).ToImmutableArray();
        Assert.Equal(all.Take(5), Checked(() => all).GetProfiles("w", 5));
        Assert.Empty(Checked(() => all).GetProfiles("w", 0));
        Assert.Empty(_reports);
    }

    [Fact]
    public void GetProfiles_Default_IsNoneAndReported()
    {
        Assert.Empty(Checked(() => default).GetProfiles("w", 5));
        Assert.Single(_reports);
    }

    [Fact]
    public void GetProfiles_Throws_IsNoneAndReported()
    {
        var thrown = new InvalidOperationException();
        Assert.Empty(Checked(() => throw thrown).GetProfiles("w", 5));
        Assert.Same(thrown, Assert.Single(_reports).Exception);
    }

    [Fact]
    public void Add_Throws_IsReported()
    {
        var thrown = new InvalidOperationException();
        Checked(() => throw thrown).Add("w", Profiles.Of(1));
        Assert.Same(thrown, Assert.Single(_reports).Exception);
    }

    [Fact]
    public void Stages_ListChangedAfterwards_ProfileKeepsWhatItWasGiven()
    {
        List<StageProfile> given = [Stage()];
        var profile = With(stages: given);
        given[0] = null!;
        Assert.True(profile.IsValid);
    }

    private static RunProfile With(long tasks = 10, long? worked = null) => With(tasks, worked, [Stage()]);

    private static RunProfile With(IReadOnlyList<StageProfile>? stages) => With(10, null, stages);

    private static RunProfile With(long tasks, long? worked, IReadOnlyList<StageProfile>? stages) =>
        new() { Tasks = tasks, WorkedTasks = worked, DurationSeconds = 1, Stages = stages! };

    private static StageProfile Stage(string name = "s", long tasks = 10, double mean = 1) => Stage(name, tasks, mean, [.1, .2, .3, .4, .5, .6, .7, .8, .9]);

    private static StageProfile Stage(double[]? shares) => Stage("s", 10, 1, shares);

    private static StageProfile Stage(string name, long tasks, double mean, double[]? shares) =>
        new() { Name = name, Tasks = tasks, MeanSeconds = mean, WallSeconds = 1, WallShares = shares! };

    private CheckedHistory Checked(Func<ImmutableArray<RunProfile>> profiles) => new(new Foreign(profiles), (what, exception) => _reports.Add((what, exception)));

    private sealed class Foreign(Func<ImmutableArray<RunProfile>> profiles) : IRunHistory
    {
        public ImmutableArray<RunProfile> GetProfiles(string workflow) => profiles();

        public void Add(string workflow, RunProfile profile) => profiles();
    }
}
