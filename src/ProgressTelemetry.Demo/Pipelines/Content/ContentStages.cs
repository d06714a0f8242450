namespace ProgressTelemetry.Demo.Pipelines.Content;

/// <summary>The stages of the content pipeline.</summary>
internal static class ContentStages
{
    public const string Engagement = "engagement-manager";
    public const string Generation = "content-generation";
    public const string Review = "review";
    public const string Approval = "approval";
    public const string Publishing = "publishing";

    /// <summary>No stage: the flow's end, as the tracker's node understands it.</summary>
    public const string Completed = "completed";
}
