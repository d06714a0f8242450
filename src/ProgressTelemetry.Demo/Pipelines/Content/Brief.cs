namespace ProgressTelemetry.Demo.Pipelines.Content;

/// <summary>What is to be announced, and where.</summary>
/// <param name="Version">The brief's own version.</param>
/// <param name="Title">One line.</param>
/// <param name="Facts">What there is to say, the most important first.</param>
/// <param name="Link">Where readers find more.</param>
/// <param name="Platforms">Where to publish.</param>
internal sealed record Brief(string Version, string Title, IReadOnlyList<string> Facts, string Link, IReadOnlyList<Platform> Platforms)
{
    /// <summary>The briefs that the demo publishes in turn; the shortest first, so that there is soon an ended run to look at.</summary>
    public static IReadOnlyList<Brief> All { get; } =
    [
        new(
            "2026.1",
            "Ten thousand runs, no overflow",
            [
                "Each live run has series of its own, and gives them back when it is over.",
                "The most interesting runs are shown first: stalled ones, late ones, long ones.",
                "Everything that has to be exact is counted without run ids, so no count is ever lost.",
            ],
            "https://example.org/series",
            [Platform.Microblog, Platform.Network]),
        new(
            "2026.2",
            "Progress you can see",
            [
                "Long work now says how far it is, when it will be done, and how sure that is.",
                "The remaining time comes from the run itself and from earlier runs of the same work, with an interval that holds four times in five.",
                "Runs, stages and tasks are ordinary OpenTelemetry spans and metrics.",
                "One line of configuration switches it on.",
            ],
            "https://example.org/progress",
            [Platform.Microblog, Platform.Network, Platform.Newsletter]),
        new(
            "2026.3",
            "Alerts that are worth waking for",
            [
                "A run that stalls, or that will be late, is known before its users notice.",
                "Each alert links to a page that says what to look at and what to do.",
                "A declared wait, as for an approval, is never taken for a stall.",
                "Every alert is tested both ways: it fires when it should and stays quiet when it should not.",
                "Milestones are announced once, across restarts too.",
            ],
            "https://example.org/alerts",
            [Platform.Microblog, Platform.Network, Platform.Newsletter, Platform.Forum]),
    ];
}
