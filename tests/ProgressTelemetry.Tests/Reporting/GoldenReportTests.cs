using ProgressTelemetry.Tests.Estimation;
using ProgressTelemetry.Tests.Support;
using ProgressTelemetry.Tests.Tracking;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.Tests.Reporting;

/// <summary>The three forms of two runs' reports, word for word. <c>UPDATE_GOLDEN=1</c> writes the files anew: read the difference before keeping it. Alone, since whoever listens to the process's traces puts one into each report.</summary>
[Collection(ProcessWideCollection.Name)]
public class GoldenReportTests
{
    private static string Folder => Path.Combine(RealParts.RepositoryRoot, "tests/ProgressTelemetry.Tests");

    public static TheoryData<string, string> Forms => new()
    {
        { "release-b", "json" }, { "release-b", "md" }, { "release-b", "html" },
        { "catalog-c", "json" }, { "catalog-c", "md" }, { "catalog-c", "html" },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Report_OfTrace_IsAsKept(string trace, string form)
    {
        var report = trace == "release-b" ? Ended() : Halfway();
        var actual = form switch { "json" => report.ToJson(), "md" => report.ToMarkdown(), _ => report.ToHtml() };
        var path = Path.Combine(Folder, "Reporting/golden", $"{trace}.{form}");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, actual);
        }

        Assert.Equal(File.ReadAllText(path), actual);
    }

    /// <summary>A run that has ended, with a chain of dependent stages, after one earlier run.</summary>
    private static ProgressReport Ended()
    {
        var clock = new ManualTimeProvider();
        using var tracker = new ProgressTracker(timeProvider: clock);
        new TracePlayer(clock, tracker) { CompletesStages = true, Workflow = "release" }.Play(Read("release-a"), new WorkflowRunOptions { RunId = "release-a", Version = "1.0" });
        var trace = Read("release-b");
        var names = trace.Sizes.Select(s => s.Stage).ToList();
        var run = new TracePlayer(clock, tracker) { CompletesStages = true, Workflow = "release" }.Play(trace, new WorkflowRunOptions
        {
            RunId = "release-b",
            Version = "1.1",
            Milestones = Milestone.Quarters,
            Stages = [.. trace.Sizes.Select((s, i) => new PlannedStage(s.Stage, s.Tasks, i > 0 ? [names[i - 1]] : null))],
        });
        return run.GetReport();
    }

    /// <summary>A run under way, after two earlier ones, with a deadline.</summary>
    private static ProgressReport Halfway()
    {
        var clock = new ManualTimeProvider();
        using var tracker = new ProgressTracker(timeProvider: clock);
        foreach (var earlier in (string[])["catalog-a", "catalog-b"])
        {
            new TracePlayer(clock, tracker) { CompletesStages = true, Workflow = "catalog" }.Play(Read(earlier), new WorkflowRunOptions { RunId = earlier });
        }

        ProgressReport? report = null;
        var options = new WorkflowRunOptions { RunId = "catalog-c", Deadline = clock.GetUtcNow() + TimeSpan.FromMinutes(2), Milestones = Milestone.Quarters };
        new TracePlayer(clock, tracker) { CompletesStages = true, Workflow = "catalog" }.Play(Read("catalog-c"), options, [.6], (_, run) => report = run.GetReport());
        return report!;
    }

    private static Trace Read(string name) => Trace.Read(Path.Combine(Folder, "Estimation/traces", name + ".csv"));
}
