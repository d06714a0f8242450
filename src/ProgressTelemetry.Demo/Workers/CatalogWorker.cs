using ProgressTelemetry.Demo.Pipelines.Catalog;

namespace ProgressTelemetry.Demo.Workers;

/// <summary>A process that takes part in another's catalog: it is given a file a line, reads, hashes and analyses it, and gives it back.</summary>
internal static class CatalogWorker
{
    public static async Task RunAsync(string store, string runId, TextReader input, TextWriter output, CancellationToken cancellationToken)
    {
        await using var services = DemoStore.Open(store);
        await using var tracker = new ProgressTracker(store: services.GetRequiredService<IRunStore>());
        await tracker.FlushAsync(cancellationToken);
        using (var run = tracker.StartWorkflow(CatalogPipeline.Workflow, new WorkflowRunOptions { RunId = runId, WhenLive = WhenLive.Join }))
        {
            using var read = run.StartStage("read");
            using var hash = run.StartStage("hash");
            using var analyse = run.StartStage("analyse");
            var pace = new Pace(TimeSpan.Zero, 0, TimeProvider.System);
            while (await input.ReadLineAsync(cancellationToken) is { } line)
            {
                var file = FileLine.Read(line);
                await FileTask.DoAsync(read, file, FileWork.ReadAsync, pace, isFilesProblem: true, cancellationToken);
                await FileTask.DoAsync(hash, file, FileWork.HashAsync, pace, isFilesProblem: true, cancellationToken);
                await FileTask.DoAsync(analyse, file, file.IsText ? FileWork.AnalyseAsync : null, pace, isFilesProblem: true, cancellationToken);
                await output.WriteLineAsync(FileLine.Write(file).AsMemory(), cancellationToken);
                await output.FlushAsync(cancellationToken);
            }

            read.Complete();
            hash.Complete();
            analyse.Complete();
            run.Complete();
        }

        await tracker.FlushAsync(cancellationToken);
    }
}
