global using Microsoft.Extensions.DependencyInjection;
global using ProgressTelemetry.TestSupport;
global using Xunit;

// Who listens to spans listens for the whole process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
