using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ProgressTelemetry.Reporting;

namespace ProgressTelemetry.Notifications;

/// <summary>Notifications as the JSON that their receivers take.</summary>
internal static class WebhookBody
{
    private static readonly JsonSerializerOptions Options = new(WebhookJsonContext.Default.Options)
    {
        TypeInfoResolver = WebhookJsonContext.Default.WithAddedModifier(JsonVocabulary.NameDurations),
    };

    private static readonly JsonTypeInfo<PlainMessage> Plain = (JsonTypeInfo<PlainMessage>)Options.GetTypeInfo(typeof(PlainMessage));

    public static byte[] Of(ProgressNotification notification, WebhookFormat format) => format switch
    {
        WebhookFormat.Slack => JsonSerializer.SerializeToUtf8Bytes(new SlackMessage($"{Escape(notification.Title)}\n{Escape(notification.Text)}"), WebhookJsonContext.Default.SlackMessage),
        WebhookFormat.Teams => JsonSerializer.SerializeToUtf8Bytes(Card(notification), WebhookJsonContext.Default.TeamsMessage),
        _ => JsonSerializer.SerializeToUtf8Bytes(new PlainMessage(Word(notification.Kind), notification.Key, notification.Title, notification.Text, notification.Milestone, notification.Status), Plain),
    };

    // As https://docs.slack.dev/messaging/formatting-message-text has it: so no name can call a channel or look like a link.
    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    // Text runs know no Markdown, unlike text blocks: names stay names.
    private static TeamsMessage Card(ProgressNotification notification) => new("message",
    [
        new TeamsAttachment("application/vnd.microsoft.card.adaptive", new AdaptiveCard("AdaptiveCard", "1.4",
        [
            new RichTextBlock("RichTextBlock", [new TextRun("TextRun", notification.Title, "Bolder")]),
            new RichTextBlock("RichTextBlock", [new TextRun("TextRun", notification.Text, Weight: null)]),
        ])),
    ]);

    private static string Word(ProgressNotificationKinds kind) => kind switch
    {
        ProgressNotificationKinds.Ended => "ended",
        ProgressNotificationKinds.Milestone => "milestone",
        ProgressNotificationKinds.Stalled => "stalled",
        _ => "deadlineMissed",
    };
}

internal sealed record PlainMessage(string Kind, string Key, string Title, string Text, string? Milestone, WorkflowStatus Run);

internal sealed record SlackMessage(string Text);

internal sealed record TeamsMessage(string Type, IReadOnlyList<TeamsAttachment> Attachments);

internal sealed record TeamsAttachment(string ContentType, AdaptiveCard Content);

internal sealed record AdaptiveCard(string Type, string Version, IReadOnlyList<RichTextBlock> Body);

internal sealed record RichTextBlock(string Type, IReadOnlyList<TextRun> Inlines);

internal sealed record TextRun(string Type, string Text, string? Weight);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters =
    [
        typeof(SecondsConverter),
        typeof(MomentConverter),
        typeof(NumberConverter),
        typeof(LowerCaseConverter<WorkflowState>),
        typeof(LowerCaseConverter<WorkflowResult>),
        typeof(LowerCaseConverter<BottleneckKind>),
    ])]
[JsonSerializable(typeof(PlainMessage))]
[JsonSerializable(typeof(SlackMessage))]
[JsonSerializable(typeof(TeamsMessage))]
internal sealed partial class WebhookJsonContext : JsonSerializerContext;
