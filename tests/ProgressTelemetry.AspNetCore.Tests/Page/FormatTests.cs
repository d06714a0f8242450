using Microsoft.Playwright;
using ProgressTelemetry.AspNetCore.Tests.Support;
using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.AspNetCore.Tests.Page;

/// <summary>How the page's own modules put numbers and times into words, in the browser that will run them.</summary>
public sealed class FormatTests(Chromium chromium) : IClassFixture<Chromium>
{
    [RealPartFact("chromium")]
    public async Task Format_NumbersAndTimes_ReadAsPeopleSayThem()
    {
        await using var app = await ProgressApp.StartAsync();
        await using var watched = await chromium.OpenAsync();
        await watched.GoToAsync(new Uri(app.Address, "/progress"));

        (string Call, string Expected)[] cases =
        [
            ("percent(0.999999)", "99 %"), ("percent(1)", "100 %"), ("percent(0.29)", "29 %"), ("percent(0)", "0 %"),
            ("clock(0)", "0 s"), ("clock(59.9)", "59 s"), ("clock(60)", "1:00"), ("clock(3599)", "59:59"), ("clock(3661)", "1:01:01"), ("clock(90000)", "1 d 1 h"), ("clock(-5)", "0 s"),
            ("about(0.2)", "1 s"), ("about(17.4)", "17 s"), ("about(43)", "45 s"), ("about(95)", "2 min"), ("about(5399)", "90 min"), ("about(5400)", "1.5 h"), ("about(36 * 3600)", "1.5 d"),
            ("range(60, 240)", "1–4 min"), ("range(10, 240)", "10 s – 4 min"), ("range(18, 240)", "20 s – 4 min"), ("range(1, 240)", "5 s – 4 min"), ("range(3, 8)", "3–8 s"), ("range(120, 121)", "2 min"), ("range(80, 95)", "1–2 min"),
            ("brief(0.0312)", "31 ms"), ("brief(1.26)", "1.3 s"), ("brief(75)", "1:15"),
            ("rate(29.6)", "30 tasks/s"), ("rate(4.26)", "4.3 tasks/s"), ("rate(1)", "1 task/s"), ("rate(0.05)", "3 tasks/min"), ("rate(0.001)", "3.6 tasks/h"),
            ("plural(1, 'task')", "1 task"), ("plural(1234, 'task')", "1,234 tasks"),
            ("moment('2026-03-02T14:05:00Z', '2026-03-02T23:00:00Z')", "02:05 PM"), ("moment('2026-03-03T14:05:00Z', '2026-03-02T23:00:00Z')", "Mar 3, 02:05 PM"),
        ];
        foreach (var (call, expected) in cases)
        {
            Assert.Equal((call, expected), (call, await CallAsync(watched.Page, "format", call)));
        }
    }

    [RealPartTheory("chromium")]
    [InlineData("{ state: 'running', estimate: { remainingSeconds: 120, remainingLowSeconds: 60, remainingHighSeconds: 240 } }", 0, "about 2 min left|1–4 min")]
    [InlineData("{ state: 'running', estimate: { remainingSeconds: 40, remainingLowSeconds: 30, remainingHighSeconds: 60 } }", 10, "about 30 s left|20–50 s")]
    [InlineData("{ state: 'running', estimate: { remainingSeconds: 4, remainingLowSeconds: 2, remainingHighSeconds: 9 } }", 5, "any moment now|1–4 s")]
    [InlineData("{ state: 'running' }", 5, "time left not known yet|")]
    [InlineData("{ state: 'stalled', lastProgressAt: '2026-03-02T14:00:00.000Z', asOf: '2026-03-02T14:04:50.000Z', stallThresholdSeconds: 120, estimate: { remainingSeconds: 9 } }", 10, "no progress for 5 min|more than 2 min of silence is a stall")]
    [InlineData("{ state: 'succeeded', endedAt: '2026-03-02T14:05:00Z' }", 0, "|")]
    public async Task TimeLeft_BetweenFrames_CountsDownAndNeverBelowNothing(string run, double since, string expected)
    {
        await using var app = await ProgressApp.StartAsync();
        await using var watched = await chromium.OpenAsync();
        await watched.GoToAsync(new Uri(app.Address, "/progress"));

        var said = await watched.Page.EvaluateAsync<string>($$"""import("./progress/assets/run-facts.js").then((m) => m.timeLeft({{run}}, {{since}})).then((t) => `${t.main}|${t.detail}`)""");

        Assert.Equal(expected, said);
    }

    [RealPartTheory("chromium")]
    [InlineData("{ deadline: '2026-03-02T14:10:00Z', endedAt: '2026-03-02T14:12:00Z' }", "true|2 min past its deadline")]
    [InlineData("{ deadline: '2026-03-02T14:10:00Z', endedAt: '2026-03-02T14:08:00Z' }", "false|2 min before its deadline")]
    [InlineData("{ deadline: '2026-03-02T14:10:00Z', asOf: '2026-03-02T14:00:00Z', estimate: { expected: '2026-03-02T14:15:00Z' } }", "true|about 5 min late")]
    [InlineData("{ deadline: '2026-03-02T14:10:00Z', asOf: '2026-03-02T14:00:00Z', estimate: { expected: '2026-03-02T14:05:00Z' } }", "false|on time, 5 min to spare")]
    [InlineData("{ deadline: '2026-03-02T14:10:00Z', asOf: '2026-03-02T14:20:00Z' }", "true|about 10 min late")]
    [InlineData("{ deadline: '2026-03-02T14:10:00Z', asOf: '2026-03-02T14:00:00Z' }", "none")]
    [InlineData("{ asOf: '2026-03-02T14:00:00Z' }", "none")]
    public async Task DeadlineNote_EachCase_SaysWhatIsKnown(string run, string expected)
    {
        await using var app = await ProgressApp.StartAsync();
        await using var watched = await chromium.OpenAsync();
        await watched.GoToAsync(new Uri(app.Address, "/progress"));

        var said = await watched.Page.EvaluateAsync<string>($$"""import("./progress/assets/run-facts.js").then((m) => m.deadlineNote({{run}})).then((n) => n ? `${n.late}|${n.text}` : "none")""");

        Assert.Equal(expected, said);
    }

    private static Task<string> CallAsync(IPage page, string module, string call) =>
        page.EvaluateAsync<string>($"import('./progress/assets/{module}.js').then((m) => m.{call})");
}
