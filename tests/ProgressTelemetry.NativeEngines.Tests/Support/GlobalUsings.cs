global using ProgressTelemetry.NativeEngines.Tests.Support;
global using Xunit;
