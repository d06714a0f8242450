using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using ProgressTelemetry;
using ProgressTelemetry.Demo;
using ProgressTelemetry.Demo.Commands;

return await DemoCommandLine.RunAsync(args, BuildApp);

// All that an app needs, to have its progress in the observability stack and on a page.
static WebApplication BuildApp(WebApplicationBuilder builder)
{
    var telemetry = builder.Services.AddOpenTelemetry()
        .ConfigureResource(resource => resource.AddService("progress-demo", serviceVersion: DemoVersion.Text))
        .AddProgressTracking()
        .WithMetrics(metrics => metrics
            .SetExemplarFilter(ExemplarFilterType.TraceBased)
            .AddMeter("System.Runtime") // .NET's own, for the memory of this process; some names of its counts are none for Prometheus
            .AddView(instrument => instrument.Meter.Name == "System.Runtime" && instrument.Name.EndsWith(".count", StringComparison.Ordinal) ? MetricStreamConfiguration.Drop : null)
            .AddPrometheusExporter())
        .WithTracing();

    // Pushes traces, metrics and logs as well, when there is somewhere to push them to.
    if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 })
    {
        telemetry.UseOtlpExporter();
    }

    builder.Services.AddHealthChecks().AddProgressTracking();

    var app = builder.Build();
    app.MapGet("/", () => Results.Redirect("progress"));
    app.MapProgress("/progress").AllowAnonymous(); // on loopback, unless --urls says otherwise: an app that others reach writes RequireAuthorization()
    app.MapPrometheusScrapingEndpoint();
    app.MapHealthChecks("/healthz");
    return app;
}
