using ProgressTelemetry.EndToEndTests.Contract;
using Xunit;

namespace ProgressTelemetry.EndToEndTests;

/// <summary>docs/decisions/0006-names.md: no instrument has a name that others publish under <c>workflow.*</c>, nor one that Prometheus would take for it.</summary>
public sealed class NameTests
{
    /// <summary>The draft of open-telemetry/semantic-conventions#2387, and OpenTelemetry.Instrumentation.Hangfire 1.18.0-beta.1, as Prometheus names them.</summary>
    public static TheoryData<string, string[]> Others => new()
    {
        { "workflow.duration", ["workflow_duration_seconds"] },
        { "workflow.errors", ["workflow_errors_total"] },
        { "workflow.count", ["workflow_count_total"] },
        { "workflow.outcome", ["workflow_outcome_total"] },
        { "workflow.status", ["workflow_status"] },
        { "workflow.execution.duration", ["workflow_execution_duration_seconds"] },
        { "workflow.execution.errors", ["workflow_execution_errors_total"] },
        { "workflow.execution.count", ["workflow_execution_count_total"] },
        { "workflow.execution.outcome", ["workflow_execution_outcome_total"] },
        { "workflow.execution.status", ["workflow_execution_status"] },
        { "workflow.iteration.ratio", ["workflow_iteration_ratio"] },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void Instruments_HaveNoNameThatOthersPublish(string name, string[] scrapedAs)
    {
        Assert.DoesNotContain(Vocabulary.Instruments, i => i.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        var ours = Vocabulary.Instruments.SelectMany(Vocabulary.ScrapedNames).ToHashSet(StringComparer.Ordinal);
        string[] suffixes = ["", "_bucket", "_sum", "_count"];
        Assert.DoesNotContain(scrapedAs.SelectMany(s => suffixes.Select(suffix => s + suffix)), ours.Contains);
    }
}
