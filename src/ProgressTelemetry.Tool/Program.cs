using System.CommandLine;
using ProgressTelemetry.Tool.Commands;

return await ToolCommandLine.RunAsync(args, new InvocationConfiguration());
