namespace ProgressTelemetry.Demo.Pipelines.Content;

/// <summary>Checks a draft against its platform.</summary>
internal static class Reviewer
{
    public const string TooLong = "too long";
    public const string NoGreeting = "no greeting";

    public static Draft Review(Draft draft) => draft with
    {
        Objection = draft switch
        {
            _ when draft.Text.Length > draft.Platform.MaxLength => TooLong,
            _ when draft.Platform.NeedsGreeting && !draft.Text.StartsWith("Hello", StringComparison.Ordinal) => NoGreeting,
            _ => null,
        },
    };
}
