namespace ProgressTelemetry.Notifications;

/// <summary>What a webhook is sent.</summary>
public enum WebhookFormat
{
    /// <summary>JSON of its own: kind, title, text, and the run in the words of the live page's JSON.</summary>
    Json,

    /// <summary>A message for a Slack incoming webhook, which Mattermost, Rocket.Chat and others take too.</summary>
    Slack,

    /// <summary>A message with an Adaptive Card for a Teams webhook (a workflow that posts it to a channel or chat).</summary>
    Teams,
}
