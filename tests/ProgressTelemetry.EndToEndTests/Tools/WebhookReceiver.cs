using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ProgressTelemetry.EndToEndTests.Contract;
using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.EndToEndTests.Tools;

/// <summary>Stands for the pager and the chat: keeps every notification in the order it came.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<Notification> _notifications = new();
    private readonly WebApplication _app;

    private WebhookReceiver(WebApplication app) => _app = app;

    public IReadOnlyList<Notification> Notifications => [.. _notifications];

    public static async Task<WebhookReceiver> StartAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var receiver = new WebhookReceiver(builder.Build());
        receiver._app.MapPost("/{receiver}", receiver.ReceiveAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    public IEnumerable<Notification> Firing(string alert) => _notifications.Where(n => n.Alert == alert && n.IsFiring);

    public IEnumerable<Notification> Resolved(string alert) => _notifications.Where(n => n.Alert == alert && !n.IsFiring);

    /// <summary>Waits for a notification.</summary>
    public Task<IReadOnlyList<Notification>> HearsAsync(string what, Func<IReadOnlyList<Notification>, bool> isHeard, TimeSpan deadline) =>
        Eventually.GetAsync(what, () => Task.FromResult(Notifications), isHeard, deadline);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> ReceiveAsync(string receiver, HttpRequest request)
    {
        var body = await JsonNode.ParseAsync(request.Body);
        foreach (var alert in body?["alerts"].Items() ?? [])
        {
            _notifications.Enqueue(new Notification(
                receiver,
                alert["status"].Text(),
                alert["labels"].Members().ToDictionary(l => l.Key, l => l.Value.Text(), StringComparer.Ordinal),
                alert["annotations"]?["description"].Text() ?? ""));
        }

        return Results.Ok();
    }
}
