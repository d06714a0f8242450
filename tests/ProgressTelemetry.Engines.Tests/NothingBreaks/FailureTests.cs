using System.Diagnostics;
using ProgressTelemetry.EnginesTests.Support;

namespace ProgressTelemetry.EnginesTests.NothingBreaks;

public class FailureTests
{
    private static SpanRule[] Rules(string source) => [new(source, "job", SpanRole.Run) { RunId = "{id}", Workflow = "job" }];

    [Fact]
    public void CallbackThatThrows_IsCounted_AndTheEngineGoesOn()
    {
        using var following = new Following(Rules);
        using (var span = following.Start("job", tags: ("id", new Thrower())))
        {
            Assert.NotNull(span);
        }

        following.Start("job", tags: ("id", "next")).Stop();

        Assert.Equal(2, Following.Errors("adapter_failed"));
        Assert.Equal(WorkflowResult.Success, following.Status("next").Result);
        Assert.Null(Activity.Current);
    }

    [Fact]
    public void CallbackOfABareListener_ThatThrows_IsThrownAtTheEngine()
    {
        // The negative control.
        using var source = new ActivitySource("Test." + Guid.NewGuid());
        using var bare = new ActivityListener
        {
            ShouldListenTo = heard => heard == source,
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStarted = activity => _ = activity.GetTagItem("id")?.ToString(),
        };
        ActivitySource.AddActivityListener(bare);

        Assert.Throws<FormatException>(() => source.StartActivity(ActivityKind.Internal, default, [KeyValuePair.Create<string, object?>("id", new Thrower())], name: "job"));
        Activity.Current = null;
    }

    [Fact]
    public void LostRun_AfterAWhile_IsAbandonedAndForgotten()
    {
        var clock = new ManualTimeProvider();
        using var following = new Following(
            options =>
            {
                options.AbandonAfter = TimeSpan.FromMinutes(30);
                options.StallTimeout = TimeSpan.FromMinutes(1);
                options.Follow(Rules("Test.Lost"));
            },
            clock);
        using var source = new ActivitySource("Test.Lost");
        source.StartActivity("job", ActivityKind.Internal, parentContext: default, [KeyValuePair.Create<string, object?>("id", "lost")]);
        Activity.Current = null;
        Assert.Single(following.Tracker.GetActive());

        clock.Advance(TimeSpan.FromMinutes(31));

        Assert.Empty(following.Tracker.GetActive());
        Assert.Equal(WorkflowResult.Abandoned, following.Heard.Ended.Single().Result);
    }

    [Fact]
    public void Tracker_ThatEnds_StopsListening()
    {
        var following = new Following(Rules);
        var source = following.Source;
        Assert.True(source.HasListeners());

        following.Tracker.Dispose();

        Assert.False(source.HasListeners());
        following.Dispose();
    }

    [Fact]
    public void TwoTrackers_OfOneProcess_BothFollowAndNeitherHidesSpans()
    {
        using var first = new Following(options => options.Follow(Rules("Test.Both")));
        using var second = new Following(options => options.Follow(Rules("Test.Both")));
        using var source = new ActivitySource("Test.Both");
        using (source.StartActivity("job", ActivityKind.Internal, parentContext: default, [KeyValuePair.Create<string, object?>("id", "r1")]))
        {
            Assert.Null(Activity.Current);
        }

        Assert.Equal(WorkflowResult.Success, first.Status("r1").Result);
        Assert.Equal(WorkflowResult.Success, second.Status("r1").Result);
    }

    private sealed class Thrower
    {
        public override string ToString() => throw new FormatException("a tag that can't be read");
    }
}
