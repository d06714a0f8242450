using System.Threading.Channels;

namespace ProgressTelemetry.Demo.Pipelines.Catalog;

/// <summary>One stage of the catalog: takes files from the stage before it, works on each, and hands them on; those that failed earlier pass through as skipped.</summary>
/// <param name="Name">The stage's name.</param>
/// <param name="Workers">How many files it works on at a time.</param>
/// <param name="Share">The share of the paced run's time that it is busy.</param>
/// <param name="Input">The files.</param>
/// <param name="Output">Where they go next.</param>
/// <param name="Work">What is done to each.</param>
internal sealed record CatalogStage(
    string Name,
    int Workers,
    double Share,
    IAsyncEnumerable<CatalogFile> Input,
    ChannelWriter<CatalogFile>? Output,
    Func<CatalogFile, CancellationToken, Task> Work)
{
    /// <summary>Which files it has work to do on; the others are skipped.</summary>
    public Func<CatalogFile, bool> Takes { get; init; } = _ => true;

    /// <summary>Runs the stage until its input ends.</summary>
    public async Task RunAsync(WorkflowRun run, int files, Pace pace, CancellationToken cancellationToken)
    {
        using var stage = run.StartStage(Name, files);
        var workers = new ParallelOptions { MaxDegreeOfParallelism = Workers, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Input, workers, async (file, stop) =>
        {
            await FileTask.DoAsync(stage, file, Takes(file) ? Work : null, pace, isFilesProblem: Output is not null, stop);
            if (Output is not null)
            {
                await Output.WriteAsync(file, stop);
            }
        });
        Output?.Complete();
        stage.Complete();
    }
}
