namespace ProgressTelemetry.AspNetCore.Waiting;

/// <summary>A stage, as far as one who waits is concerned.</summary>
internal sealed record LiveStageJson(string Name, string State, double? CompletionRatio)
{
    public static LiveStageJson Of(StageStatus stage) => new(stage.Name, LiveRunJson.StateName(stage.State), stage.CompletionRatio);
}
