using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using ProgressTelemetry.AspNetCore.Health;
using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.AspNetCore.Tests;

public sealed class HealthCheckTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly ProgressTracker _tracker;

    public HealthCheckTests() => _tracker = new ProgressTracker(timeProvider: _clock);

    public void Dispose() => _tracker.Dispose();

    [Fact]
    public async Task Check_RunsGetOn_IsHealthy()
    {
        _tracker.StartWorkflow("import");

        var entry = await CheckAsync();

        Assert.Equal(HealthStatus.Healthy, entry.Status);
        Assert.Equal((1, 0), (entry.Data["activeRuns"], entry.Data["stalledRuns"]));
    }

    [Theory]
    [InlineData(true, true, HealthStatus.Degraded, "Runs: 1 stalled, 2 past their deadline.")]
    [InlineData(true, false, HealthStatus.Degraded, "Runs: 1 stalled.")]
    [InlineData(false, true, HealthStatus.Degraded, "Runs: 2 past their deadline.")]
    [InlineData(false, false, HealthStatus.Healthy, null)]
    public async Task Check_RunsStalledOrLate_IsDegradedByThoseThatCount(bool stalled, bool late, HealthStatus expected, string? description)
    {
        var deadline = _clock.GetUtcNow().AddMinutes(1);
        _tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "stuck", StallTimeout = TimeSpan.FromMinutes(1), Deadline = deadline });
        _tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "late", StallTimeout = TimeSpan.FromDays(1), Deadline = deadline });
        _tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "fine", StallTimeout = TimeSpan.FromDays(1) });
        _tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "over", Deadline = deadline }).Complete();
        _clock.Advance(TimeSpan.FromMinutes(2));

        var entry = await CheckAsync(options => (options.DegradedWhenStalled, options.DegradedWhenPastDeadline) = (stalled, late));

        Assert.Equal((expected, description), (entry.Status, entry.Description));
        Assert.Equal(["import: stuck"], (string[])entry.Data["stalled"]);
        Assert.Equal(["import: stuck", "import: late"], (string[])entry.Data["pastDeadline"]);
    }

    [Fact]
    public async Task Check_VeryManyStalled_NamesTen()
    {
        for (var i = 0; i < 1000; i++)
        {
            _tracker.StartWorkflow(new string('w', 200), new WorkflowRunOptions { RunId = $"{i:D4}{new string('r', 196)}", StallTimeout = TimeSpan.FromMinutes(1), Deadline = _clock.GetUtcNow() });
        }

        _clock.Advance(TimeSpan.FromMinutes(2));
        var entry = await CheckAsync();

        Assert.Equal("Runs: 1000 stalled, 10 or more past their deadline.", entry.Description);
        foreach (var names in new[] { (string[])entry.Data["stalled"], (string[])entry.Data["pastDeadline"] })
        {
            Assert.Equal(ProgressHealthCheck.MostNames, names.Length);
            Assert.All(names, name => Assert.True(name.Length <= 404));
        }
    }

    [Theory]
    [InlineData(null, HealthStatus.Unhealthy)]
    [InlineData(HealthStatus.Degraded, HealthStatus.Degraded)]
    public async Task Check_TheTimerStands_Fails(HealthStatus? failureStatus, HealthStatus expected)
    {
        _clock.Advance(TimeSpan.FromMinutes(1));
        _tracker.Dispose();
        _clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(failureStatus: failureStatus)).Status);

        _clock.Advance(TimeSpan.FromSeconds(1));
        var entry = await CheckAsync(failureStatus: failureStatus);

        Assert.Equal(expected, entry.Status);
        Assert.Contains("has not ticked for 16 s", entry.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void AddProgressTracking_HeartbeatTimeoutUnderTwoTicks_IsRefusedAtTheCall() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ServiceCollection().AddHealthChecks().AddProgressTracking(options => options.HeartbeatTimeout = TimeSpan.FromSeconds(1)));

    [Fact]
    public async Task Check_WithoutATracker_SaysWhatIsMissing()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddHealthChecks().AddProgressTracking();
        await using var provider = services.BuildServiceProvider();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => provider.GetRequiredService<HealthCheckService>().CheckHealthAsync());

        Assert.Contains("AddProgressTracking()", error.Message, StringComparison.Ordinal);
    }

    private async Task<HealthReportEntry> CheckAsync(Action<AspNetCore.ProgressHealthCheckOptions>? configure = null, HealthStatus? failureStatus = null)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton(_tracker);
        services.AddHealthChecks().AddProgressTracking(configure, failureStatus: failureStatus);
        await using var provider = services.BuildServiceProvider();
        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        return report.Entries["progress"];
    }
}
