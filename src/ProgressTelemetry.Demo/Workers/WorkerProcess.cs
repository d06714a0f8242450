using System.Diagnostics;
using ProgressTelemetry.Demo.Commands;
using ProgressTelemetry.Demo.Pipelines.Catalog;

namespace ProgressTelemetry.Demo.Workers;

/// <summary>A worker, as its parent sees it.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;

    private WorkerProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>Starts this program once more, as a worker of the run.</summary>
    public static WorkerProcess Start(string store, string runId)
    {
        // A program of its own once it is published; else .NET runs it.
        var library = Path.Combine(AppContext.BaseDirectory, "progress-demo.dll");
        string[] own = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "progress-demo" ? [] : [library];
        var info = new ProcessStartInfo(Environment.ProcessPath ?? "dotnet", [.. own, WorkerCommand.CommandName, "--run-id", runId])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };

        // Not an argument: a connection string has a password, and everybody sees arguments.
        info.Environment[WorkerCommand.StoreVariable] = store;
        return new WorkerProcess(Process.Start(info)!);
    }

    /// <summary>Has it work on a file. Null when it is no more.</summary>
    public async Task<CatalogFile?> DoAsync(CatalogFile file, CancellationToken cancellationToken)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(FileLine.Write(file).AsMemory(), cancellationToken);
            await _process.StandardInput.FlushAsync(cancellationToken);
            return await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } line ? FileLine.Read(line) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Lets it leave the run.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(cancellationToken);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
