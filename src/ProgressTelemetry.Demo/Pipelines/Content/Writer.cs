using System.Text;

namespace ProgressTelemetry.Demo.Pipelines.Content;

/// <summary>Writes drafts: first all that there is to say, then as the review asks.</summary>
internal static class Writer
{
    public static Draft Write(Brief brief, Platform platform) => Compose(brief, platform, brief.Facts.Count, greet: false);

    /// <summary>Writes a draft again to meet the objection.</summary>
    public static Draft Revise(Brief brief, Draft draft) => draft.Objection switch
    {
        Reviewer.TooLong => Compose(brief, draft.Platform, Math.Max(1, draft.Facts - 1), greet: false),
        Reviewer.NoGreeting => Compose(brief, draft.Platform, draft.Facts, greet: true),
        _ => draft,
    };

    private static Draft Compose(Brief brief, Platform platform, int facts, bool greet)
    {
        var text = new StringBuilder();
        if (greet)
        {
            text.Append("Hello,\n\n");
        }

        text.Append(brief.Title).Append(".\n");
        foreach (var fact in brief.Facts.Take(facts))
        {
            text.Append("- ").Append(fact).Append('\n');
        }

        text.Append(brief.Link);
        return new Draft(platform, text.ToString(), facts);
    }
}
