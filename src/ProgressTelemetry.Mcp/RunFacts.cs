using System.Text.Json;
using System.Text.Json.Serialization;
using ProgressTelemetry.AspNetCore.Waiting;
using ProgressTelemetry.Reporting;

namespace ProgressTelemetry.Mcp;

/// <summary>A run for an agent; names as in <see cref="Quoted.Plain"/>, lengths of time in whole seconds.</summary>
internal sealed record RunFacts
{
    public required string RunId { get; init; }

    public required string Workflow { get; init; }

    public required string State { get; init; }

    public required DateTimeOffset AsOf { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public double? CompletionRatio { get; init; }

    public required long CompletedTasks { get; init; }

    public long? ExpectedTasks { get; init; }

    public long? RemainingSeconds { get; init; }

    public long? RemainingLowSeconds { get; init; }

    public long? RemainingHighSeconds { get; init; }

    /// <summary>When it is worth asking again; absent once the run has ended.</summary>
    public int? AskAgainSeconds { get; init; }

    /// <summary>Why a wait ended; absent in other answers.</summary>
    public string? Because { get; init; }

    public static RunFacts Of(WorkflowStatus run, string? because = null) => new()
    {
        RunId = Quoted.Plain(run.RunId),
        Workflow = Quoted.Plain(run.Workflow),
        State = ReportText.StateName(run.State),
        AsOf = run.AsOf,
        StartedAt = run.StartedAt,
        EndedAt = run.EndedAt,
        CompletionRatio = run.CompletionRatio is { } ratio ? Math.Round(ratio, 4) : null,
        CompletedTasks = run.CompletedTasks,
        ExpectedTasks = run.ExpectedTasks,
        RemainingSeconds = (long?)run.Estimate?.Remaining.TotalSeconds,
        RemainingLowSeconds = (long?)run.Estimate?.RemainingLow.TotalSeconds,
        RemainingHighSeconds = (long?)run.Estimate?.RemainingHigh.TotalSeconds,
        AskAgainSeconds = RetryAfter.Seconds(run, RunText.LongestPause),
        Because = because,
    };
}

/// <summary>One page of runs for an agent.</summary>
internal sealed record RunListFacts(int Total, int Live, int Skip, IReadOnlyList<RunFacts> Runs);

/// <summary>Source-generated, so that it works trimmed and compiled ahead of time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunFacts))]
[JsonSerializable(typeof(RunListFacts))]
internal sealed partial class FactsJsonContext : JsonSerializerContext;
