namespace ProgressTelemetry.Demo.Pipelines.Content;

/// <summary>A text for one platform, as of one revision.</summary>
/// <param name="Platform">Where it is to be published.</param>
/// <param name="Text">The text.</param>
/// <param name="Facts">How many of the brief's facts it tells.</param>
internal sealed record Draft(Platform Platform, string Text, int Facts) : INamed
{
    /// <summary>The platform's name.</summary>
    public string Name => Platform.Name;

    /// <summary>What the review asks to be changed; null when it is good.</summary>
    public string? Objection { get; init; }
}
