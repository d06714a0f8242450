namespace ProgressTelemetry.Notifications;

/// <summary>Something to tell of a run, with the texts ready. Names in them come from the tracked work; they are on one line and without control characters, and otherwise as they are: escape them for where they go.</summary>
public sealed record ProgressNotification
{
    /// <summary>What happened: one of the kinds.</summary>
    public required ProgressNotificationKinds Kind { get; init; }

    /// <summary>A subject line, such as <c>import 42 has stalled</c>.</summary>
    public required string Title { get; init; }

    /// <summary>One to three sentences.</summary>
    public required string Text { get; init; }

    /// <summary>The run: as it ended, or a moment after it happened.</summary>
    public required WorkflowStatus Status { get; init; }

    /// <summary>The milestone's name; null for other kinds.</summary>
    public string? Milestone { get; init; }

    /// <summary>Names this notification and no other, also when it is sent again because nobody knows whether it arrived: 64 hexadecimal digits.</summary>
    public required string Key { get; init; }
}
