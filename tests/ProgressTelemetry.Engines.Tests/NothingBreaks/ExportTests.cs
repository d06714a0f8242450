using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using ProgressTelemetry.EnginesTests.Support;

namespace ProgressTelemetry.EnginesTests.NothingBreaks;

/// <summary>What the user exports with a tracker that follows the engine is, span by span, what is exported without it.</summary>
public class ExportTests
{
    private static readonly SpanRule Rule = new("Test.Engine", "job", SpanRole.Run) { RunId = "{id}", Workflow = "job" };

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var sampler in new[] { "on", "off", "ratio", "parent of on", "parent of ratio" })
        {
            foreach (var form in new[] { "source is the user's", "source is the user's, metrics only", "source is added", "source is left out", "metrics only", "services only" })
            {
                cases.Add(sampler, form);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Export_WithFollowing_IsAsWithout(string sampler, string form)
    {
        var isInProvider = form.StartsWith("source is the user's", StringComparison.Ordinal) || form is "source is added" or "services only";
        IReadOnlyList<string> without;
        using (var app = new EngineApp(track: null, Of(sampler), isInProvider))
        {
            without = app.Run();
        }

        using var followed = new EngineApp(Track(form), Of(sampler), hasEngineSource: form.StartsWith("source is the user's", StringComparison.Ordinal));
        var with = followed.Run();

        Assert.Equal(without, with);
        Assert.Equal(EngineApp.Jobs, followed.Tracker.GetRecentlyEnded().Count(run => run.Result == WorkflowResult.Success));
        var http = with.Count(span => span.Contains("http", StringComparison.Ordinal));
        Assert.True(sampler switch { "off" => http == 0, "on" or "parent of on" => http == EngineApp.Jobs, _ => http is > 0 and < 30 }, $"{http} of {EngineApp.Jobs} HTTP spans");
    }

    [Fact]
    public void Export_WithABareListener_LosesTheUsersSpans()
    {
        // The negative control: what this test class guards against does happen.
        using var bare = new ActivityListener { ShouldListenTo = source => source.Name == "Test.Engine", Sample = (ref _) => ActivitySamplingResult.AllData };
        ActivitySource.AddActivityListener(bare);
        using var app = new EngineApp(track: null, Of("parent of on"), hasEngineSource: false);

        var http = app.Run().Where(span => span.Contains("http", StringComparison.Ordinal)).ToList();

        Assert.Equal(EngineApp.Jobs / 2, http.Count);
        Assert.All(http, span => Assert.EndsWith("http, job", span, StringComparison.Ordinal));
    }

    [Fact]
    public void CodeInsideASpan_ThatNobodyElseHears_SeesWhatItWouldWithout()
    {
        using var app = new EngineApp(Track("metrics only"), sampler: null, hasEngineSource: false);
        app.Run();

        Assert.Null(app.CurrentInside);
        Assert.Equal(EngineApp.Jobs, app.Tracker.GetRecentlyEnded().Count);
    }

    [Fact]
    public async Task RunOfALostSpan_WhenTheHostStops_IsAbandoned()
    {
        using var app = new EngineApp(Track("source is added"), Of("on"), hasEngineSource: false);
        app.Engine.StartActivity("job", ActivityKind.Internal, parentContext: default, [KeyValuePair.Create<string, object?>("id", "lost")]);
        Assert.Single(app.Tracker.GetActive());

        await app.StopAsync();

        Assert.Empty(app.Tracker.GetActive());
        Assert.Equal(WorkflowResult.Abandoned, app.Tracker.GetStatus("lost")!.Result);
    }

    private static Sampler Of(string sampler) => sampler switch
    {
        "on" => new AlwaysOnSampler(),
        "off" => new AlwaysOffSampler(),
        "ratio" => new TraceIdRatioBasedSampler(0.1),
        "parent of on" => new ParentBasedSampler(new AlwaysOnSampler()),
        _ => new ParentBasedSampler(new TraceIdRatioBasedSampler(0.1)),
    };

    private static Action<IOpenTelemetryBuilder> Track(string form) => form switch
    {
        "source is left out" => telemetry => telemetry.AddProgressTracking(options => options.Follow(Rule).WithoutEngineSpans()),
        "metrics only" or "source is the user's, metrics only" => telemetry => telemetry.WithMetrics(metrics => metrics.AddProgressTracking(options => options.Follow(Rule))),
        "services only" => telemetry => telemetry.Services.AddProgressTracking(options => options.Follow(Rule)),
        _ => telemetry => telemetry.AddProgressTracking(options => options.Follow(Rule)),
    };
}
