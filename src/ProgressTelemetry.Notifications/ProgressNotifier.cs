using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace ProgressTelemetry.Notifications;

/// <summary>
/// Tells somebody of runs: at an end, a milestone, a stall or a missed deadline. Derive from it and say how in <see cref="SendAsync"/>, or take <see cref="WebhookNotifier"/>; register it as a service of the type
/// <see cref="ProgressListener"/>, or with <see cref="ProgressTracker.Subscribe"/>.
/// </summary>
/// <remarks>
/// What happened is told at most once: it waits in memory, so what was not sent when the process ends is lost, and so is what is sent in vain five times, or comes while 1,000 notifications wait; each loss is logged. Sent again is only what did
/// not arrive, or nobody knows of; <see cref="ProgressNotification.Key"/> tells it apart. One is sent after the other, on the thread pool: neither the tracked work nor other listeners wait for it.
/// </remarks>
public abstract partial class ProgressNotifier : ProgressListener, IAsyncDisposable
{
    /// <summary>How often a notification is sent at most.</summary>
    internal const int MostAttempts = 5;

    internal const int MostWaiting = 1000;

    internal static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    internal static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    /// <summary>What is left to send when the application ends gets so long.</summary>
    private static readonly TimeSpan DisposeLimit = TimeSpan.FromSeconds(5);

    private readonly Channel<ProgressNotification> _waiting = Channel.CreateBounded<ProgressNotification>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly CancellationTokenSource _over = new();
    private readonly ProgressNotificationKinds _kinds;
    private readonly Func<WorkflowStatus, bool>? _when;
    private readonly TimeProvider _clock;
    private readonly ILogger? _logger;
    private readonly Task _sending;

    /// <summary>Makes a notifier.</summary>
    /// <param name="kinds">What to tell of.</param>
    /// <param name="when">Which runs to tell of; null for all.</param>
    /// <param name="timeProvider">The clock of the pauses before something is sent again; null for the system's.</param>
    /// <param name="logger">Told what could not be sent; null for nobody.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kinds"/> is no combination of the kinds.</exception>
    protected ProgressNotifier(ProgressNotificationKinds kinds, Func<WorkflowStatus, bool>? when = null, TimeProvider? timeProvider = null, ILogger? logger = null)
    {
        if ((kinds & ~ProgressNotificationKinds.All) != ProgressNotificationKinds.None)
        {
            throw new ArgumentOutOfRangeException(nameof(kinds), kinds, "Not a combination of ProgressNotificationKinds.");
        }

        (_kinds, _when, _clock, _logger) = (kinds, when, timeProvider ?? TimeProvider.System, logger);

        // The loop outlives who makes the notifier, so it must not carry an Activity or other context along.
        using (ExecutionContext.SuppressFlow())
        {
            _sending = Task.Run(SendAllAsync);
        }
    }

    /// <inheritdoc/>
    public sealed override bool HearsTasks => false;

    /// <inheritdoc/>
    public sealed override void OnRunEnded(WorkflowRun run, WorkflowStatus final)
    {
        ArgumentNullException.ThrowIfNull(final);
        Offer(ProgressNotificationKinds.Ended, final);
    }

    /// <inheritdoc/>
    public sealed override void OnMilestoneReached(WorkflowRun run, MilestoneStatus milestone)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(milestone);
        Offer(ProgressNotificationKinds.Milestone, run.GetStatus(), milestone.Name);
    }

    /// <inheritdoc/>
    public sealed override void OnStalled(WorkflowRun run, TimeSpan silence)
    {
        ArgumentNullException.ThrowIfNull(run);
        Offer(ProgressNotificationKinds.Stalled, run.GetStatus(), silence: silence);
    }

    /// <inheritdoc/>
    public sealed override void OnDeadlineMissed(WorkflowRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        Offer(ProgressNotificationKinds.DeadlineMissed, run.GetStatus());
    }

    /// <summary>Sends what waits, for five seconds at most, and no more after that.</summary>
    /// <returns>A task that ends then.</returns>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _waiting.Writer.TryComplete();
        using var limit = new CancellationTokenSource(DisposeLimit, _clock);
        await using (limit.Token.Register(_over.Cancel))
        {
            await _sending.ConfigureAwait(false);
        }

        _over.Dispose();
    }

    /// <summary>Sends a notification. What it throws counts as <see cref="SendResult.TryAgain"/>.</summary>
    /// <param name="notification">What to send.</param>
    /// <param name="cancellationToken">The application ends.</param>
    /// <returns>What became of it.</returns>
    protected abstract Task<SendResult> SendAsync(ProgressNotification notification, CancellationToken cancellationToken);

    private void Offer(ProgressNotificationKinds kind, WorkflowStatus run, string? milestone = null, TimeSpan silence = default)
    {
        if (!_kinds.HasFlag(kind) || _when?.Invoke(run) == false)
        {
            return;
        }

        var notification = NotificationText.Make(kind, run, milestone, silence);
        if (!_waiting.Writer.TryWrite(notification))
        {
            LogLost(notification.Title, "too many wait, or the application ends");
        }
    }

    private async Task SendAllAsync()
    {
        await foreach (var notification in _waiting.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                await DeliverAsync(notification).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_over.IsCancellationRequested)
            {
                LogLost(notification.Title, "the application ends");
            }
        }
    }

    private async Task DeliverAsync(ProgressNotification notification)
    {
        var pause = FirstPause;
        for (var attempt = 1; ; attempt++)
        {
            _over.Token.ThrowIfCancellationRequested();
            var result = await TryAsync(notification).ConfigureAwait(false);
            if (result.IsOver || attempt == MostAttempts)
            {
                if (result.Trouble is { } trouble)
                {
                    LogLost(notification.Title, trouble);
                }

                return;
            }

            var after = result.After ?? pause;
            await Task.Delay(after < LongestPause ? after : LongestPause, _clock, _over.Token).ConfigureAwait(false);
            pause *= 4;
        }
    }

    private async Task<SendResult> TryAsync(ProgressNotification notification)
    {
        try
        {
            return await SendAsync(notification, _over.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (!_over.IsCancellationRequested)
        {
            return SendResult.TryAgain(error.Message);
        }
    }

    private void LogLost(string title, string why)
    {
        if (_logger is not null)
        {
            LogLost(_logger, title, why);
        }
    }

    [LoggerMessage(EventId = 1, EventName = "progress.notification.lost", Level = LogLevel.Warning, Message = "A notification was not sent: {Title}. Why: {Why}")]
    private static partial void LogLost(ILogger logger, string title, string why);
}
