global using ProgressTelemetry.NativeEngines.Tests.Support;
global using ProgressTelemetry.TestSupport;
global using Xunit;
