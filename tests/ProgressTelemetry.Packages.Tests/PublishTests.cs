using ProgressTelemetry.Packages.Tests.Support;
using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.Packages.Tests;

/// <summary>Apps that use the packages, published trimmed and natively: warnings are errors, and what was left in the program must be enough.</summary>
[Collection(PackagesCollection.Name)]
public sealed class PublishTests(PackedPackages packages)
{
    private const string Worker = """
        using ProgressTelemetry;

        var builder = Host.CreateApplicationBuilder(args);
        builder.Services.AddOpenTelemetry().AddProgressTracking().WithMetrics().WithTracing();
        builder.Services.AddHostedService<Work>();
        await builder.Build().RunAsync();

        internal sealed class Work(ProgressTracker tracker, IHostApplicationLifetime lifetime) : BackgroundService
        {
            protected override async Task ExecuteAsync(CancellationToken stoppingToken)
            {
                string? id = null;
                await tracker.RunAsync("import", (run, ct) =>
                {
                    id = run.Id;
                    return run.StageAsync("load", (stage, _) =>
                    {
                        foreach (var item in Enumerable.Range(0, 3).ToArray().TrackProgress(stage))
                        {
                            Console.WriteLine($"item {item}");
                        }

                        return Task.CompletedTask;
                    }, cancellationToken: ct);
                }, cancellationToken: stoppingToken);
                Console.WriteLine(tracker.GetReport(id!)!.ToMarkdown());
                Console.WriteLine(tracker.GetReport(id!)!.ToJson());
                lifetime.StopApplication();
            }
        }
        """;

    [Fact]
    public Task Publish_TrimmedWebApp_HasNoWarningsAndAnswersScrapes() => PublishWebAppAsync("PublishTrimmed");

    [RealPartFact("clang|gcc")]
    public Task Publish_NativeWebApp_HasNoWarningsAndAnswersScrapes() => PublishWebAppAsync("PublishAot");

    [Fact]
    public Task Publish_TrimmedWorker_HasNoWarningsAndReports() => PublishWorkerAsync("PublishTrimmed");

    [RealPartFact("clang|gcc")]
    public Task Publish_NativeWorker_HasNoWarningsAndReports() => PublishWorkerAsync("PublishAot");

    private async Task PublishWebAppAsync(string how)
    {
        var readme = new Readme();
        var app = await packages.NewAppAsync("web", "Web" + how, readme.Packages);
        app.Write(readme.Sources);
        var program = await app.PublishAsync(how);

        using var process = app.StartPublished(program, null, "--urls", "http://127.0.0.1:0");
        using var client = new HttpClient { BaseAddress = await process.AddressAsync() };
        await process.GetUntilAsync(client, "metrics", Readme.RunHasEnded);
        Assert.Contains("\"import\"", await client.GetStringAsync(new Uri("progress/runs", UriKind.Relative)), StringComparison.Ordinal);
    }

    private async Task PublishWorkerAsync(string how)
    {
        var app = await packages.NewAppAsync("worker", "Worker" + how, ["ProgressTelemetry", "OpenTelemetry.Extensions.Hosting"]);
        app.Write(("Program.cs", Worker));
        var program = await app.PublishAsync(how);

        using (var process = app.StartPublished(program))
        {
            var (code, output) = await process.EndAsync();
            Assert.True(code == 0, output);
            Assert.Contains("item 2", output, StringComparison.Ordinal);
            Assert.Matches("\"workflow\": ?\"import\"", output);
        }

        // The binding of the configuration was generated, not reflected, so that it is still there.
        using var misconfigured = app.StartPublished(program, new Dictionary<string, string>(StringComparer.Ordinal) { ["ProgressTracking__MaxDefinitions"] = "0" });
        var (refused, complaint) = await misconfigured.EndAsync();
        Assert.NotEqual(0, refused);
        Assert.Contains("ProgressTracking:MaxDefinitions is 0; it must be from 1 to 1900.", complaint, StringComparison.Ordinal);
    }
}
