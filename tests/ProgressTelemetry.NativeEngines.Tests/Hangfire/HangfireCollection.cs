namespace ProgressTelemetry.NativeEngines.Tests.Hangfire;

/// <summary>Hangfire's configuration and filters are the process's.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class HangfireCollection
{
    public const string Name = "Hangfire";
}
