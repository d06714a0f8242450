using System.Text.Json.Serialization;
using ProgressTelemetry.Reporting;

namespace ProgressTelemetry;

/// <summary>A report on one run, as it is or was when it ended: how far it is, how its time was used, what holds it up, and what would help. Never changes afterwards.</summary>
public sealed record ProgressReport
{
    /// <summary>The report in a few sentences.</summary>
    public required string Summary { get; init; }

    /// <summary>The detailed progress: the run and its stages.</summary>
    public required WorkflowStatus Status { get; init; }

    /// <summary>More on each stage, in the order of <see cref="WorkflowStatus.Stages"/>.</summary>
    public required IReadOnlyList<StageReport> Stages { get; init; }

    /// <summary>The milestones, in order of completion.</summary>
    [JsonIgnore]
    public IReadOnlyList<MilestoneStatus> Milestones => Status.Milestones;

    /// <summary>How the run's time was used.</summary>
    public required PerformanceAnalysis Performance { get; init; }

    /// <summary>What holds the run up, the largest share first within each kind; empty while nothing is measured.</summary>
    public IReadOnlyList<ReportFinding> Bottlenecks { get; init; } = [];

    /// <summary>The stages, in order, whose chain of declared dependencies decides when the run ends; empty when the plan declares none.</summary>
    public IReadOnlyList<string> CriticalChain { get; init; } = [];

    /// <summary>What would help, the largest gain first; empty when nothing stands out.</summary>
    public IReadOnlyList<Recommendation> Recommendations { get; init; } = [];

    /// <summary>The run's course and the forecasts as they were made: the start, up to some hundred moments between, and the latest. Only the ends for runs that were short, or one of very many.</summary>
    public IReadOnlyList<ForecastPoint> Timeline { get; init; } = [];

    /// <summary>The report as JSON: names in camelCase; durations are seconds, under names that end in <c>Seconds</c>; moments are ISO 8601 in UTC; states, results and kinds are words in lower case. What is unknown is left out.</summary>
    /// <returns>One JSON object.</returns>
    public string ToJson() => ReportJson.Write(this);

    /// <summary>The report as Markdown (GitHub's, with tables). Names are escaped.</summary>
    /// <returns>A document with a title.</returns>
    public string ToMarkdown() => MarkdownReport.Write(this);

    /// <summary>The report as one self-contained HTML page: no script, nothing loaded from elsewhere. Names are escaped.</summary>
    /// <returns>A page for screens from the narrowest up, light and dark, and for paper.</returns>
    public string ToHtml() => HtmlReport.Write(this);
}
