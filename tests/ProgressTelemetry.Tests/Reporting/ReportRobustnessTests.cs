using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace ProgressTelemetry.Tests.Reporting;

/// <summary>Every run has a report in every form, whatever it is called and however far it came.</summary>
public sealed class ReportRobustnessTests : IDisposable
{
    private readonly ReportRun _runs = new();

    public static TheoryData<string> HostileNames =>
    [
        "<script>alert(1)</script>", "a|b|c", "`code` *bold* _it_ [x](javascript:y)", "\"'><img src=x onerror=y>", "👩‍🚀 launch 🚀", "مرحلة الفحص", "\u202Edesrever\u202C",
        "line\nbreak\r\nand\ttab", "nul\0and\u001Bescape", "\uD800lone", "</style></svg></title>", "&amp;&lt;", "https://example.org www.example.org", new string('x', 200), new string('é', 100) + "\\",
    ];

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Report_NothingHasHappened_HasAllForms()
    {
        var run = _runs.Tracker.StartWorkflow("w");

        var report = Checked(run.GetReport());
        Assert.Empty(report.Recommendations);
        Assert.Empty(report.Bottlenecks);
        run.Complete();
        Checked(run.GetReport());
    }

    [Fact]
    public void Report_TotalIsUnknown_SaysSo()
    {
        var run = _runs.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s");
        for (var i = 0; i < 30; i++)
        {
            stage.CompleteTask();
            _runs.Wait(1);
        }

        var report = Checked(run.GetReport());
        Assert.Contains("30 tasks of an unknown number", report.Summary, StringComparison.Ordinal);
        Assert.Null(report.Performance.Duration);
        Assert.Contains("30 / ?", report.ToMarkdown(), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_ThousandStages_FigureIsBoundedAndTablesAreWhole()
    {
        var run = _runs.Tracker.StartWorkflow("w", new WorkflowRunOptions { Stages = [.. Enumerable.Range(0, 1000).Select(i => new PlannedStage($"stage {i}", 1, i > 0 ? [$"stage {i - 1}"] : null))] });
        for (var i = 0; i < 500; i++)
        {
            _runs.Stage(run, $"stage {i}", 1);
        }

        var report = Checked(run.GetReport());
        Assert.Equal(1000, report.CriticalChain.Count);
        Assert.Equal(60, Regex.Count(report.ToHtml(), "class=\"track\""));
        Assert.Contains("stage 999", report.ToHtml(), StringComparison.Ordinal);
        Assert.InRange(report.ToHtml().Length, 100_000, 1_000_000);
    }

    [Fact]
    public void Attempts_VeryMany_AreBounded()
    {
        var run = _runs.Tracker.StartWorkflow("w");
        for (var i = 0; i < 200; i++)
        {
            _runs.Stage(run, "again", 1);
        }

        run.Complete();
        var report = Checked(run.GetReport());
        Assert.Equal(64, report.Stages[0].Attempts.Count);
        Assert.Equal(TimeSpan.FromSeconds(200), report.Stages[0].Attempts[^1].End);
        Assert.Equal(200, report.Status.Stages[0].Attempts);
    }

    [Theory]
    [MemberData(nameof(HostileNames))]
    public void Report_HostileNames_AreTextInEveryForm(string name)
    {
        var run = _runs.Tracker.StartWorkflow(name, new WorkflowRunOptions { RunId = name, Version = name, Milestones = [new Milestone(name, .5)], Stages = [new(name, 2), new("other", 1, [name])] });
        var stage = run.StartStage(name);
        _runs.Wait(30);
        stage.CompleteTasks(2);
        stage.RecordItems(name);
        stage.RecordRevision(name, name);
        stage.Complete();
        run.Fail(name);

        var report = Checked(run.GetReport());
        using var json = JsonDocument.Parse(report.ToJson());
        var expected = name.Contains('\uD800', StringComparison.Ordinal) ? name.Replace('\uD800', '\uFFFD') : name;
        Assert.Equal(expected, json.RootElement.GetProperty("status").GetProperty("workflow").GetString());
    }

    [Fact]
    public void Report_RandomRuns_AreConsistent()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            using var runs = new ReportRun();
            var random = new Random(seed);
            for (var earlier = 0; earlier < seed % 3; earlier++)
            {
                PlayRandom(runs, random).Complete();
            }

            var run = PlayRandom(runs, random);
            Checked(run.GetReport());
            run.End((WorkflowResult)random.Next(7));
            Checked(run.GetReport());
        }
    }

    private static WorkflowRun PlayRandom(ReportRun runs, Random random)
    {
        var options = new WorkflowRunOptions { ExpectedTasks = random.Next(3) == 0 ? random.Next(40) : null, Milestones = Milestone.Quarters };
        if (random.Next(2) == 0)
        {
            options.Stages = [new("a", 3), new("b", 0, ["a"]), new("c", null, ["a"]), new("d", 2, ["b", "c"])];
        }

        var run = runs.Tracker.StartWorkflow("w", options);
        var open = new List<WorkflowStage>();
        for (var i = 0; i < 60; i++)
        {
            runs.Wait(random.NextDouble() * random.Next(4));
            var stage = open.Count == 0 || random.Next(5) == 0 ? run.StartStage("abcde"[random.Next(5)].ToString()) : open[random.Next(open.Count)];
            if (!open.Contains(stage))
            {
                open.Add(stage);
            }

            switch (random.Next(8))
            {
                case 0: stage.End((WorkflowResult)random.Next(7)); open.Remove(stage); break;
                case 1: stage.RecordRevision(); break;
                case 2: stage.FailTask(); break;
                case 3: using (stage.Wait("w")) { runs.Wait(random.Next(9)); } break;
                case 4: stage.StartTask(); break;
                case 5: using (var task = stage.StartTask()) { runs.Wait(random.NextDouble()); task.Complete(); } break;
                default: stage.CompleteTasks(random.Next(3)); break;
            }
        }

        return run;
    }

    /// <summary>What holds of every report.</summary>
    private static ProgressReport Checked(ProgressReport report)
    {
        using (JsonDocument.Parse(report.ToJson()))
        {
        }

        var (markdown, html) = (report.ToMarkdown(), report.ToHtml());
        Assert.DoesNotMatch("<(script|img|link|iframe|object|a) ?", html);
        Assert.DoesNotMatch("NaN|Infinity|∞", markdown + html);
        Assert.DoesNotContain(html, c => char.IsControl(c) && c != '\n');
        foreach (var tag in (string[])["svg", "section", "table", "g", "div", "style", "title", "li", "bdi", "text"])
        {
            Assert.Equal(Regex.Count(html, $"<{tag}[ >]"), Regex.Count(html, $"</{tag}>"));
        }

        foreach (var table in markdown.Split("\n\n").Where(block => block.StartsWith('|')))
        {
            Assert.Single(table.TrimEnd('\n').Split('\n').Select(UnescapedPipes).Distinct());
        }

        Assert.Equal(report.Status.Stages.Select(s => s.Name), report.Stages.Select(s => s.Name));
        var whole = report.Stages.Sum(s => s.WallShare) + (report.Performance.WaitingTime / Max(report.Status.Elapsed));
        Assert.InRange(whole, 0, 1 + 1e-6);
        Assert.All(report.Recommendations, r => Assert.InRange(r.ExpectedGain, .01, 1));
        Assert.All(report.Recommendations, r => Assert.Matches("[0-9]", r.Evidence));
        Assert.All(report.Bottlenecks, b => Assert.InRange(b.Share, 0, 1));
        Assert.All(report.Timeline.Where(p => p.Expected is not null), p => Assert.True(p.At <= p.Expected && p.Low <= p.Expected && p.Expected <= p.High));
        Assert.Equal(report.Timeline.OrderBy(p => p.At).Select(p => p.At).Distinct(), report.Timeline.Select(p => p.At));
        Assert.Equal(report.Status.Elapsed.TotalSeconds, report.Timeline[^1].At.TotalSeconds, 3);
        return report;
    }

    private static TimeSpan Max(TimeSpan elapsed) => elapsed > TimeSpan.Zero ? elapsed : TimeSpan.FromTicks(1);

    private static int UnescapedPipes(string row) => row.Where((c, i) => c == '|' && (i == 0 || row[i - 1] != '\\')).Count();
}
