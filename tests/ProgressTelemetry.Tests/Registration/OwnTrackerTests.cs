using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ProgressTelemetry.Tests.Support;

namespace ProgressTelemetry.Tests.Registration;

/// <summary>A tracker that the application made itself, beside <c>AddProgressTracking</c>: used as it is, and nothing is lost in silence.</summary>
public sealed class OwnTrackerTests
{
    public static TheoryData<string, string> LostServices => new()
    {
        { "listener", "the listener ProgressTelemetry.Tests.Support.RecordingListener" },
        { "history", "the history ProgressTelemetry.InMemoryRunHistory" },
        { "code", "options (AddProgressTracking(options => ...)" },
        { "post-configured", "options (AddProgressTracking(options => ...)" },
        { "configuration", "the configuration section ProgressTracking" },
    };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StartAsync_WithATrackerOfTheApplication_UsesItAndLeavesItAlive(bool isBefore)
    {
        using var own = new ProgressTracker(new ProgressTrackingOptions { MaxDefinitions = 7 });
        var builder = Builder();
        _ = isBefore ? builder.Services.AddSingleton(own).AddProgressTracking() : builder.Services.AddProgressTracking().AddSingleton(own);
        using (var host = builder.Build())
        {
            await host.StartAsync();
            Assert.Same(own, host.Services.GetRequiredService<ProgressTracker>());
            await host.StopAsync();
        }

        own.StartWorkflow("after the host").Complete();
        Assert.Equal("after the host", Assert.Single(own.GetRecentlyEnded()).Workflow);
    }

    [Theory]
    [MemberData(nameof(LostServices))]
    public async Task StartAsync_WithServicesThatTheTrackerCannotKnow_SaysWhich(string service, string named)
    {
        using var own = new ProgressTracker();
        var builder = Builder();
        builder.Services.AddProgressTracking().AddSingleton(own);
        _ = service switch
        {
            "listener" => builder.Services.AddSingleton<ProgressListener>(new RecordingListener()),
            "history" => builder.Services.AddSingleton<IRunHistory>(new InMemoryRunHistory()),
            "code" => builder.Services.AddProgressTracking(options => options.MaxDefinitions = 3),
            "post-configured" => builder.Services.PostConfigure<ProgressTrackingOptions>(options => options.MaxDefinitions = 3),
            _ => builder.Services,
        };
        if (service == "configuration")
        {
            builder.Configuration.AddInMemoryCollection([new("ProgressTracking:MaxDefinitions", "3")]);
        }

        using var host = builder.Build();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync());
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Contains("constructor", error.Message, StringComparison.Ordinal);
    }

    private static HostApplicationBuilder Builder() => new(new HostApplicationBuilderSettings { DisableDefaults = true });
}
