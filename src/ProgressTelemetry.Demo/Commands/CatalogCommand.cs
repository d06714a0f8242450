using System.CommandLine;
using ProgressTelemetry.Demo.Pipelines.Catalog;
using ProgressTelemetry.Demo.Terminal;
using ProgressTelemetry.Demo.Workers;
using ProgressTelemetry.Shared.Terminal;

namespace ProgressTelemetry.Demo.Commands;

/// <summary><c>catalog</c>: the catalog pipeline once, on the user's folder, with its progress in the terminal.</summary>
internal sealed class CatalogCommand : Command
{
    private readonly Argument<DirectoryInfo> _folder = new Argument<DirectoryInfo>("DIR") { Description = "The folder to catalog, with all below it." }.AcceptExistingOnly();
    private readonly Option<FileInfo?> _report = CommonOptions.Report();

    private readonly Option<FileInfo?> _output = new("--output", "-o")
    {
        Description = "The catalog to write: path,size,sha256,text,lines,words for each file.",
        HelpName = "FILE",
        DefaultValueFactory = _ => new FileInfo("catalog.csv"),
    };

    private readonly Option<string[]> _exclude = new("--exclude")
    {
        Description = "Leave out folders of this name, wherever they are; may be given several times.",
        HelpName = "NAME",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string?> _store = CommonOptions.Store("Keep the run there, so that other processes see it and work on it.");
    private readonly Option<double> _workers = CommonOptions.Number("--workers", "How many processes share the work; more than one need --store.", defaultValue: 1, most: 64, whole: true);

    public CatalogCommand()
        : base("catalog", "Catalog every file under a folder, once, with live progress. Exit code 1 when something could not be read.")
    {
        CommonOptions.InExistingFolder(_output);
        Arguments.Add(_folder);
        Options.Add(_output);
        Options.Add(_exclude);
        Options.Add(_report);
        Options.Add(_store);
        Options.Add(_workers);
        Validators.Add(result =>
        {
            if (result.GetValue(_workers) > 1 && result.GetValue(_store) is null)
            {
                result.AddError("--workers: processes share a run by a store: --store runs.db.");
            }
        });
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken stop)
    {
        var output = arguments.InvocationConfiguration.Output;
        var error = arguments.InvocationConfiguration.Error;
        var options = new CatalogOptions
        {
            Folder = arguments.GetRequiredValue(_folder).FullName,
            Output = arguments.GetValue(_output)!.FullName,
            Excluded = arguments.GetValue(_exclude)!,
        };
        var time = TimeProvider.System;
        var (store, workers) = (arguments.GetValue(_store), (int)arguments.GetValue(_workers));
        await using var services = DemoStore.Open(store);
        await using var tracker = new ProgressTracker(timeProvider: time, store: services.GetService<IRunStore>());
        var pool = workers > 1 ? new WorkerPool(workers, store!, output) : null;
        using var journal = pool is null ? null : await JournalAsync(options, tracker, output, stop);
        using var run = tracker.StartWorkflow(CatalogPipeline.Workflow, CatalogPipeline.RunOptions(options, time.GetUtcNow(), journal?.RunId));
        try
        {
            var pipeline = new CatalogPipeline(options, time) { Workers = pool, Journal = journal, FlushAsync = tracker.FlushAsync };
            var result = await ProgressDisplay.ShowAsync(run, pipeline.RunAsync(run, stop), output);
            await tracker.FlushAsync(stop);
            Summarize(options, run.GetStatus(), result, output, error);
            await ReportAsync(arguments.GetValue(_report), run, output);
            return result.Unreadable.Count == 0 ? ExitCode.Success : ExitCode.Failed;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await error.WriteLineAsync("cancelled; no catalog was written");
            return ExitCode.Interrupted;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"cannot write: {e.Message}");
            return ExitCode.Failed;
        }
        finally
        {
            journal?.Delete();
        }
    }

    // The store knows how far the run is; one that it knows nothing of begins anew.
    private static async Task<CatalogJournal> JournalAsync(CatalogOptions options, ProgressTracker tracker, TextWriter output, CancellationToken stop)
    {
        await tracker.FlushAsync(stop);
        var journal = CatalogJournal.Open(options.Output);
        if (tracker.GetStatus(journal.RunId) is { Result: null or WorkflowResult.Abandoned } before)
        {
            await output.WriteLineAsync($"going on with run {journal.RunId}, {before.StartedAt:u}: {journal.Done.Count} files are done");
            return journal;
        }

        journal.Delete();
        return CatalogJournal.Open(options.Output);
    }

    private static void Summarize(CatalogOptions options, WorkflowStatus status, CatalogResult result, TextWriter output, TextWriter error)
    {
        output.WriteLine($"{result.Files} files, {result.Bytes} bytes; {result.TextFiles} of them text with {result.Lines} lines; {result.Duplicates} duplicates; in {DurationText.Of(status.Elapsed)}");
        output.WriteLine($"catalog: {options.Output}");
        if (result.Unreadable.Count > 0)
        {
            error.WriteLine($"{result.Unreadable.Count} could not be read:");
            foreach (var (name, reason) in result.Unreadable)
            {
                error.WriteLine($"  {name}: {reason}");
            }
        }
    }

    private static async Task ReportAsync(FileInfo? file, WorkflowRun run, TextWriter output)
    {
        if (file is not null)
        {
            await ReportFile.WriteAsync(file, run.GetReport());
            await output.WriteLineAsync($"report: {file.FullName}");
        }
    }
}
