namespace ProgressTelemetry.Demo.Pipelines.Content;

/// <summary>A place to publish in, and what it asks of a text.</summary>
/// <param name="Name">Its name.</param>
/// <param name="MaxLength">The longest text, in characters.</param>
/// <param name="NeedsGreeting">Whether its readers expect to be greeted.</param>
internal sealed record Platform(string Name, int MaxLength, bool NeedsGreeting = false) : INamed
{
    public static Platform Microblog { get; } = new("microblog", 280);

    public static Platform Network { get; } = new("network", 1300);

    public static Platform Newsletter { get; } = new("newsletter", 4000, NeedsGreeting: true);

    public static Platform Forum { get; } = new("forum", 2000);
}
