using System.Diagnostics;
using ProgressTelemetry.Naming;
using ProgressTelemetry.Rules;

namespace ProgressTelemetry.EnginesTests.Rules;

public class RuleTests
{
    [Theory]
    [InlineData("orchestration:*", "orchestration:Report", "Report")]
    [InlineData("*_execute process", "alloc_execute process", "alloc")]
    [InlineData("a*b", "ab", "")]
    [InlineData("a*a", "a", null)]
    [InlineData("exact", "exact", "")]
    [InlineData("exact", "exactly", null)]
    [InlineData("*", "anything", "anything")]
    [InlineData("a.c", "abc", null)]
    public void Match_OfAnOperation_IsWhatTheStarStandsFor(string pattern, string operation, string? expected) =>
        Assert.Equal(expected, new OperationPattern(pattern).Match(operation));

    [Theory]
    [InlineData("{op}", "step one")]
    [InlineData("{op*}", "star")]
    [InlineData("{name}", "shown")]
    [InlineData("job {job.group}.{job.number}", "job etl.7")]
    [InlineData("{missing|job.group}", "etl")]
    [InlineData("{missing}", null)]
    [InlineData("x {missing}", null)]
    [InlineData("{empty|job.group}", "etl")]
    [InlineData("plain", "plain")]
    public void Template_OfASpan_TakesWhatIsThere(string template, string? expected)
    {
        using var span = new Activity("step one") { DisplayName = "shown" };
        span.SetTag("job.group", "etl").SetTag("job.number", 7).SetTag("empty", " ");

        Assert.Equal(expected, new SpanTemplate(template).Of(span, "star"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("a}")]
    [InlineData("{a")]
    [InlineData("{}")]
    [InlineData("{a|}")]
    [InlineData("{a{b}}")]
    public void Template_ThatIsNone_IsRefusedWhereItIsSet(string template) =>
        Assert.ThrowsAny<ArgumentException>(() => new SpanRule("S", "*", SpanRole.Run) { Workflow = template });

    [Fact]
    public void Rule_ThatCannotBe_IsRefusedAtOnce()
    {
        Assert.Throws<ArgumentException>("source", () => new SpanRule("*", "x", SpanRole.Run));
        Assert.Throws<ArgumentException>("operation", () => new SpanRule("S", "a*b*", SpanRole.Run));
        Assert.Throws<ArgumentOutOfRangeException>("role", () => new SpanRule("S", "x", (SpanRole)9));
        var options = new ProgressTrackingOptions();
        Assert.Throws<ArgumentException>(() => options.Follow(new SpanRule("S", "x", SpanRole.Run)));
        Assert.Throws<ArgumentException>(() => options.Follow(new SpanRule("S", "x", SpanRole.Task) { RunId = "{trace}" }));
        Assert.Throws<ArgumentException>(() => options.Follow(new SpanRule("S", "x", SpanRole.EndRun)));
        Assert.Throws<ArgumentException>(() => Engines.CiCd());
    }

    [Fact]
    public void Follow_TheSameEngineTwice_AddsItsRulesOnce()
    {
        var options = new ProgressTrackingOptions().Follow(Engines.Quartz).FollowEngines();

        var adapter = options.GetAdapter<SpanAdapter>();
        Assert.Equal(Engines.All, adapter.Rules);
        Assert.Contains("Quartz", adapter.Sources);
        Assert.Empty(options.WithoutEngineSpans().GetAdapter<SpanAdapter>().Sources);
    }

    [Theory]
    [InlineData("import-4711", "import")]
    [InlineData("researcher_ef9bda8e588a4f88937f5c8a245fb830", "researcher")]
    [InlineData("order 3f2504e0-4f89-41d3-9a0c-0305e82c3301 of 12", "order of")]
    [InlineData("2026-01-31/import", "import")]
    [InlineData("etl.extract", "etl.extract")]
    [InlineData("Заказ-17", "Заказ")]
    [InlineData("12345", "_other")]
    [InlineData("", "_other")]
    public void Names_WithIdsInThem_LoseThem(string raw, string expected) => Assert.Equal(expected, new BoundedNames().Of(raw));

    [Theory]
    [InlineData("load-2", "load-2")]
    [InlineData("import-20260131", "import")]
    [InlineData("import-3f2504e0-4f89-41d3-9a0c-0305e82c3301", "import")]
    [InlineData("Batcher/critic_ef9bda8e588a4f88937f5c8a245fb830", "Batcher/critic")]
    public void Names_WithIdsInThem_MayKeepShortNumbers(string raw, string expected) => Assert.Equal(expected, new BoundedNames(keepsShortNumbers: true).Of(raw));

    [Fact]
    public void Names_PastTheLimit_AreOther()
    {
        var names = new BoundedNames(most: 3);
        var raw = Enumerable.Range(0, 10).Select(i => new string((char)('a' + i), 3)).ToArray();

        Assert.Equal(["aaa", "bbb", "ccc", "_other"], raw.Concat(raw).Select(names.Of).Distinct());
    }

    [Theory]
    [InlineData(ActivityStatusCode.Unset, null, null, WorkflowResult.Success)]
    [InlineData(ActivityStatusCode.Ok, null, null, WorkflowResult.Success)]
    [InlineData(ActivityStatusCode.Error, null, null, WorkflowResult.Failure)]
    [InlineData(ActivityStatusCode.Error, "System.TimeoutException", null, WorkflowResult.Timeout)]
    [InlineData(ActivityStatusCode.Error, "System.Threading.Tasks.TaskCanceledException", null, WorkflowResult.Cancellation)]
    [InlineData(ActivityStatusCode.Unset, "boom", null, WorkflowResult.Failure)]
    [InlineData(ActivityStatusCode.Error, null, "Terminated", WorkflowResult.Cancellation)]
    [InlineData(ActivityStatusCode.Error, null, "success", WorkflowResult.Failure)]
    [InlineData(ActivityStatusCode.Unset, null, "skip", WorkflowResult.Skip)]
    [InlineData(ActivityStatusCode.Unset, null, "unheard of", WorkflowResult.Success)]
    public void Result_OfASpan_IsWhatItSays(ActivityStatusCode status, string? errorType, string? said, WorkflowResult expected)
    {
        using var span = new Activity("x");
        span.SetStatus(status).SetTag("error.type", errorType).SetTag("result", said);

        Assert.Equal(expected, SpanResult.Of(span, new SpanRule("S", "x", SpanRole.Ignore) { ResultTag = "result" }).Result);
    }
}
