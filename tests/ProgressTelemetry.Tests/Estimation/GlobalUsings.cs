global using RunModel = ProgressTelemetry.Tests.Estimation.TestRun;
global using StageModel = ProgressTelemetry.Model.Stage;
