using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;

namespace ProgressTelemetry.Notifications;

/// <summary>Posts notifications to a webhook, through the application's own <see cref="HttpClient"/>.</summary>
/// <remarks>
/// Each request has its notification's key in <c>Idempotency-Key</c>. Sent again is what could not be sent, timed out, or was answered with 408, 429 or 5xx, after what <c>Retry-After</c> says, else after 1, 4, 16 and 64 s. Redirections are the client's matter.
/// </remarks>
public sealed class WebhookNotifier : ProgressNotifier
{
    private readonly Func<HttpClient> _client;
    private readonly Uri _url;
    private readonly WebhookFormat _format;
    private readonly TimeProvider _clock;

    /// <summary>Makes a notifier.</summary>
    /// <param name="client">Gives the client for one request, such as <c>() => factory.CreateClient("alerts")</c>; it is not disposed of.</param>
    /// <param name="url">Where to post to: an absolute HTTP or HTTPS address. Whoever knows that of a chat may post to it, so it belongs among the secrets.</param>
    /// <param name="format">What to post.</param>
    /// <param name="kinds">What to tell of.</param>
    /// <param name="when">Which runs to tell of; null for all.</param>
    /// <param name="timeProvider">The clock of the pauses before something is sent again; null for the system's.</param>
    /// <param name="logger">Told what could not be sent; null for nobody.</param>
    /// <exception cref="ArgumentNullException"><paramref name="client"/> or <paramref name="url"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="url"/> is not an absolute HTTP or HTTPS address.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="format"/> or <paramref name="kinds"/> is out of its range.</exception>
    public WebhookNotifier(
        Func<HttpClient> client,
        Uri url,
        WebhookFormat format = WebhookFormat.Json,
        ProgressNotificationKinds kinds = ProgressNotificationKinds.All,
        Func<WorkflowStatus, bool>? when = null,
        TimeProvider? timeProvider = null,
        ILogger<WebhookNotifier>? logger = null)
        : base(kinds, when, timeProvider, logger)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(url);
        if (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException("A webhook has an absolute HTTP or HTTPS address.", nameof(url));
        }

        if (!Enum.IsDefined(format))
        {
            throw new ArgumentOutOfRangeException(nameof(format), format, "Not a WebhookFormat.");
        }

        (_client, _url, _format, _clock) = (client, url, format, timeProvider ?? TimeProvider.System);
    }

    /// <inheritdoc/>
    protected override async Task<SendResult> SendAsync(ProgressNotification notification, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notification);
        using var request = new HttpRequestMessage(HttpMethod.Post, _url)
        {
            Content = new ByteArrayContent(WebhookBody.Of(notification, _format)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
            Headers = { { "Idempotency-Key", notification.Key } },
        };
        using var answer = await _client().SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (answer.IsSuccessStatusCode)
        {
            return SendResult.Sent;
        }

        // The address is a secret and is not told.
        var why = $"the webhook answered {(int)answer.StatusCode}";
        return answer.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError
            ? SendResult.TryAgain(why, After(answer.Headers.RetryAfter))
            : SendResult.Refused(why);
    }

    private TimeSpan? After(RetryConditionHeaderValue? retryAfter)
    {
        var after = retryAfter?.Delta ?? (retryAfter?.Date - _clock.GetUtcNow());
        return after < TimeSpan.Zero ? TimeSpan.Zero : after;
    }
}
