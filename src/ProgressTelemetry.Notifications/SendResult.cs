namespace ProgressTelemetry.Notifications;

/// <summary>What became of a notification that was sent.</summary>
public readonly record struct SendResult
{
    private SendResult(bool isOver, string? trouble, TimeSpan? after) => (IsOver, Trouble, After) = (isOver, trouble, after);

    /// <summary>It has arrived.</summary>
    public static SendResult Sent { get; } = new(isOver: true, trouble: null, after: null);

    internal bool IsOver { get; }

    internal string? Trouble { get; }

    internal TimeSpan? After { get; }

    /// <summary>It will never arrive: sending it again would be no use.</summary>
    /// <param name="why">Why, for the log.</param>
    /// <returns>The result.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="why"/> is null.</exception>
    public static SendResult Refused(string why)
    {
        ArgumentNullException.ThrowIfNull(why);
        return new(isOver: true, why, after: null);
    }

    /// <summary>It has not arrived, and may later.</summary>
    /// <param name="why">Why, for the log.</param>
    /// <param name="after">When to send it again; null for the notifier's own pace. More than five minutes are five minutes.</param>
    /// <returns>The result.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="why"/> is null.</exception>
    public static SendResult TryAgain(string why, TimeSpan? after = null)
    {
        ArgumentNullException.ThrowIfNull(why);
        return new(isOver: false, why, after);
    }
}
