using System.Threading.Channels;
using ProgressTelemetry.Demo.Pipelines.Catalog;

namespace ProgressTelemetry.Demo.Workers;

/// <summary>Has several processes work on the files of a catalog. One that is killed is started again, with the file that it had.</summary>
/// <param name="count">How many.</param>
/// <param name="store">Where the run is kept.</param>
/// <param name="output">Where it is said which they are.</param>
internal sealed class WorkerPool(int count, string store, TextWriter output)
{
    /// <summary>A worker that is no more so often, without having done a file between, can't work at all.</summary>
    private const int MostDeaths = 3;

    /// <summary>Hands the files out, and on as they are done.</summary>
    /// <exception cref="IOException">The workers can't work.</exception>
    public async Task RunAsync(string runId, ChannelReader<CatalogFile> files, ChannelWriter<CatalogFile> done, CancellationToken cancellationToken)
    {
        await Task.WhenAll(Enumerable.Range(1, count).Select(number => WorkAsync(number, runId, files, done, cancellationToken)));
        done.Complete();
    }

    private async Task WorkAsync(int number, string runId, ChannelReader<CatalogFile> files, ChannelWriter<CatalogFile> done, CancellationToken cancellationToken)
    {
        CatalogFile? file = null;
        for (var deaths = 0; deaths < MostDeaths; deaths++)
        {
            using var worker = WorkerProcess.Start(store, runId);
            await output.WriteLineAsync($"worker {number}: process {worker.Id}");
            for (var isThere = true; isThere;)
            {
                file ??= await NextAsync(files, cancellationToken);
                if (file is null)
                {
                    await worker.EndAsync(cancellationToken);
                    return;
                }

                var result = await worker.DoAsync(file, cancellationToken);
                isThere = result is not null;
                if (result is not null)
                {
                    (file, deaths) = (null, 0);
                    await done.WriteAsync(result, cancellationToken);
                }
            }
        }

        throw new IOException($"worker {number} ended {MostDeaths} times at the same file");
    }

    private static async Task<CatalogFile?> NextAsync(ChannelReader<CatalogFile> files, CancellationToken cancellationToken)
    {
        while (await files.WaitToReadAsync(cancellationToken))
        {
            if (files.TryRead(out var file))
            {
                return file;
            }
        }

        return null;
    }
}
