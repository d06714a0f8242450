using System.CommandLine;
using ProgressTelemetry.Demo.Workers;

namespace ProgressTelemetry.Demo.Commands;

/// <summary><c>catalog-worker</c>: what <c>catalog --workers</c> starts; not for people.</summary>
internal sealed class WorkerCommand : Command
{
    public const string CommandName = "catalog-worker", StoreVariable = "PROGRESS_DEMO_STORE";

    private readonly Option<string> _runId = new("--run-id") { Description = "The run.", Required = true };

    public WorkerCommand()
        : base(CommandName, "Work on the files that standard input names, a line each.")
    {
        Hidden = true;
        Options.Add(_runId);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken stop)
    {
        if (Environment.GetEnvironmentVariable(StoreVariable) is not { Length: > 0 } store)
        {
            await arguments.InvocationConfiguration.Error.WriteLineAsync($"{CommandName}: {StoreVariable} is not set");
            return ExitCode.BadUsage;
        }

        try
        {
            await CatalogWorker.RunAsync(store, arguments.GetRequiredValue(_runId), Console.In, arguments.InvocationConfiguration.Output, stop);
            return ExitCode.Success;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
    }
}
