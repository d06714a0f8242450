using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ProgressTelemetry.Registration;

/// <summary>Reads the options from the application's configuration, where there is one. What code configures is applied after it, and wins.</summary>
internal sealed class ProgressTrackingConfiguration(IConfiguration? configuration = null) : IConfigureOptions<ProgressTrackingOptions>
{
    public const string Section = "ProgressTracking";

    public bool Exists => configuration?.GetSection(Section).Exists() ?? false;

    public void Configure(ProgressTrackingOptions options) => configuration?.GetSection(Section).Bind(options);
}
