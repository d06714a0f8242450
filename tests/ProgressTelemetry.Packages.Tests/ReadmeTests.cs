using ProgressTelemetry.Packages.Tests.Support;

namespace ProgressTelemetry.Packages.Tests;

/// <summary>README.md does what it says: its code, built against the packages in a new web app.</summary>
[Collection(PackagesCollection.Name)]
public sealed class ReadmeTests(ReadmeTests.RestoredApp app) : IClassFixture<ReadmeTests.RestoredApp>
{
    [Fact]
    public async Task Readme_AsPrinted_BuildsAndIsScraped()
    {
        app.Fresh.Write(app.Readme.Sources);
        var (code, output) = await app.Fresh.BuildAsync();
        Assert.True(code == 0, output);

        using var process = app.Fresh.Start("--urls", "http://127.0.0.1:0", "--environment", "Production");
        using var client = new HttpClient { BaseAddress = await process.AddressAsync() };
        await process.GetUntilAsync(client, "metrics", Readme.RunHasEnded);

        // A scrape isn't of one moment: the run may have ended in the midst of it.
        var scrape = await process.GetUntilAsync(client, "metrics", "^# TYPE workflow_run_last_success_timestamp_seconds ");
        Assert.Matches("(?m)^workflow_stage_tasks_total{.*workflow_name=\"import\".*workflow_stage_name=\"load\".*} [1-9]", scrape);
        Assert.All(
            ["progress_tracker_heartbeat_timestamp_seconds", "workflow_run_active", "workflow_stage_active", "workflow_stage_duration_seconds", "workflow_run_last_success_timestamp_seconds"],
            family => Assert.Matches($"(?m)^# TYPE {family} ", scrape));
        Assert.Contains("<html", await client.GetStringAsync(new Uri("progress", UriKind.Relative)), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\"import\"", await client.GetStringAsync(new Uri("progress/runs", UriKind.Relative)), StringComparison.Ordinal);
    }

    /// <summary>Guards the test above: what is broken in README.md breaks it.</summary>
    [Theory]
    [InlineData("using OpenTelemetry.Metrics;\n", "", "AddPrometheusExporter")]
    [InlineData("using ProgressTelemetry;\n", "", "ProgressTracker")]
    [InlineData(".AddProgressTracking()", ".AddProgressTrackin()", "AddProgressTrackin")]
    public async Task Readme_Broken_DoesNotBuild(string printed, string broken, string complaint)
    {
        app.Fresh.Write(app.Readme.With(printed, broken));
        var (code, output) = await app.Fresh.BuildAsync();
        Assert.NotEqual(0, code);
        Assert.Matches($"error CS[0-9]+: .*'{complaint}'", output);
    }

    /// <summary>A new web app with README.md's packages, restored once for all tests.</summary>
    public sealed class RestoredApp(PackedPackages packages) : IAsyncLifetime
    {
        internal Readme Readme { get; } = new();

        internal FreshApp Fresh { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Fresh = await packages.NewAppAsync("web", "ReadmeApp", Readme.Packages);
            await Fresh.RestoreAsync();
        }

        public Task DisposeAsync() => Task.CompletedTask;
    }
}
