using Hangfire;
using OpenTelemetry.Metrics;
using ProgressTelemetry.EnginesDemo;
using Quartz;

// Three engines in one process, each followed by its one line; nothing in Orders, Report and Newsletter knows of it.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
if (builder.Configuration["urls"] is null)
{
    builder.WebHost.UseUrls("http://127.0.0.1:5080");
}

builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Hangfire", LogLevel.Error).AddFilter("Quartz", LogLevel.Error);
builder.Services.AddSingleton(new Pace(builder.Configuration.GetValue("speed", 1.0)));
builder.Services.AddOpenTelemetry().AddProgressTracking().WithMetrics(metrics => metrics.AddPrometheusExporter()).WithTracing();

builder.Services.AddHangfire((services, config) => config.UseProgressTelemetry(services).UseInMemoryStorage());
builder.Services.AddHangfireServer(o => o.SchedulePollingInterval = TimeSpan.FromSeconds(1));
builder.Services.AddHostedService<OrdersAgainAndAgain>();

builder.Services.AddQuartz(q => q.AddProgressTelemetry());
builder.Services.AddQuartzHostedService();
builder.Services.AddHostedService<ReportAgainAndAgain>();

builder.Services.AddHostedService<NewsletterAgainAndAgain>();

var app = builder.Build();
app.MapGet("/", () => Results.Redirect("progress"));
app.MapProgress("/progress").AllowAnonymous(); // on loopback, unless --urls says otherwise
app.MapPrometheusScrapingEndpoint();
await app.StartAsync();
foreach (var url in app.Urls)
{
    Console.WriteLine($"page     {url}/progress");
    Console.WriteLine($"metrics  {url}/metrics");
}

await app.WaitForShutdownAsync();
