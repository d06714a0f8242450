using System.Net.ServerSentEvents;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using ProgressTelemetry.AspNetCore.Tests.Support;

namespace ProgressTelemetry.AspNetCore.Tests.Waiting;

/// <summary>An application in Production whose page is closed, and that makes tokens for those who wait.</summary>
internal sealed class WaitingApp : IAsyncDisposable
{
    private WaitingApp(ProgressApp app, IProgressTokens tokens) => (App, Tokens) = (app, tokens);

    public ProgressApp App { get; }

    public IProgressTokens Tokens { get; }

    public ProgressTracker Tracker => App.Tracker;

    public HttpClient Http => App.Http;

    public static async Task<WaitingApp> StartAsync(
        ProgressTracker? tracker = null, TimeProvider? clock = null, Action<WebApplication>? configure = null, IDataProtectionProvider? keys = null, int port = 0)
    {
        IProgressTokens? tokens = null;
        var app = await ProgressApp.StartAsync(
            tracker,
            web =>
            {
                tokens = web.Services.GetRequiredService<IProgressTokens>();
                web.MapProgress();
                configure?.Invoke(web);
            },
            services =>
            {
                services.AddProgressTokens();
                services.AddSingleton(keys ?? new EphemeralDataProtectionProvider());
                if (clock is not null)
                {
                    services.AddSingleton(clock);
                }
            },
            port);
        return new WaitingApp(app, tokens!);
    }

    public Task<HttpResponseMessage> GetAsync(string path) => Http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);

    public async Task<JsonElement> ReadAsync(string token)
    {
        using var answer = await GetAsync($"/progress/live/{token}");
        answer.EnsureSuccessStatusCode();
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    /// <summary>The events of a run, as they come: each with its kind.</summary>
    public async IAsyncEnumerable<(string Kind, JsonElement Run)> FollowAsync(string token)
    {
        using var answer = await GetAsync($"/progress/live/{token}/events");
        answer.EnsureSuccessStatusCode();
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        await foreach (var item in SseParser.Create(await answer.Content.ReadAsStreamAsync()).EnumerateAsync())
        {
            yield return (item.EventType, JsonDocument.Parse(item.Data).RootElement);
        }
    }

    public async ValueTask DisposeAsync() => await App.DisposeAsync();
}
