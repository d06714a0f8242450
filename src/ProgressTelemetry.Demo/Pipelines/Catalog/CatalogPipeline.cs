using System.Threading.Channels;
using ProgressTelemetry.Demo.Workers;

namespace ProgressTelemetry.Demo.Pipelines.Catalog;

/// <summary>
/// Catalogs every file under a folder, in five stages: discover all, then read, hash, analyse and write one file after the other, the stages working side by side. A task is a file.
/// </summary>
internal sealed class CatalogPipeline(CatalogOptions options, TimeProvider time)
{
    public const string Workflow = "catalog";

    /// <summary>How many files may wait between two stages.</summary>
    private const int QueueLength = 64;

    /// <summary>Other processes that read, hash and analyse; null when this one does.</summary>
    public WorkerPool? Workers { get; init; }

    /// <summary>What was done before; null when nobody would go on with this run.</summary>
    public CatalogJournal? Journal { get; init; }

    /// <summary>Brings the last that other processes did.</summary>
    public Func<CancellationToken, Task> FlushAsync { get; init; } = _ => Task.CompletedTask;

    /// <summary>What the run's options say of this pipeline.</summary>
    public static WorkflowRunOptions RunOptions(CatalogOptions options, DateTimeOffset now, string? runId = null) => new()
    {
        RunId = runId,
        Version = DemoVersion.Text,
        Milestones = Milestone.Quarters,
        Deadline = now + options.Deadline,
        Stages =
        [
            "discover",
            new("read", dependsOn: ["discover"]),
            new("hash", dependsOn: ["read"]),
            new("analyse", dependsOn: ["hash"]),
            new("write", dependsOn: ["analyse"]),
        ],
    };

    /// <summary>Does the work and ends the run: as a success, or as a failure when something could not be read.</summary>
    /// <exception cref="IOException">The catalog itself could not be written.</exception>
    public async Task<CatalogResult> RunAsync(WorkflowRun run, CancellationToken cancellationToken)
    {
        try
        {
            var result = await CatalogAsync(run, cancellationToken);
            await FlushAsync(cancellationToken);
            if (result.Unreadable.Count == 0)
            {
                run.Complete();
            }
            else
            {
                run.Fail("unreadable_files");
            }

            return result;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            run.Cancel();
            throw;
        }
        catch (Exception e)
        {
            run.Fail(e);
            throw;
        }
    }

    private async Task<CatalogResult> CatalogAsync(WorkflowRun run, CancellationToken cancellationToken)
    {
        var walk = new FolderWalk(options);
        var files = await DiscoverAsync(run, walk, cancellationToken);
        await using var writer = new CatalogWriter(options.Output);
        await (Workers is null ? ProcessAsync(run, files, writer, cancellationToken) : ShareAsync(run, files, Workers, writer, cancellationToken));
        await writer.FinishAsync();

        var unreadable = walk.Unreadable
            .Concat(files.Where(f => f.Problem is not null).Select(f => new UnreadableFile(f.Name, f.Problem!)))
            .OrderBy(u => u.Name, StringComparer.Ordinal);
        return new CatalogResult(writer.Files, writer.Bytes, writer.TextFiles, writer.Lines, writer.Duplicates, [.. unreadable]);
    }

    private async Task<List<CatalogFile>> DiscoverAsync(WorkflowRun run, FolderWalk walk, CancellationToken cancellationToken)
    {
        // What was found before a restart is found again, and counted once.
        var found = DoneBefore(run, "discover");
        using var stage = run.StartStage("discover");
        var files = new List<CatalogFile>();
        foreach (var folder in walk.Folders())
        {
            cancellationToken.ThrowIfCancellationRequested();
            files.AddRange(folder);
            stage.CompleteTasks(Math.Clamp(files.Count - found, 0, folder.Count));
            if (options.Duration > TimeSpan.Zero)
            {
                await Task.Delay(options.Duration / 500, time, cancellationToken);
            }
        }

        stage.ExpectTasks(files.Count);
        stage.Complete();
        return files;
    }

    private async Task ProcessAsync(WorkflowRun run, List<CatalogFile> files, CatalogWriter writer, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var toHash = Queue();
        var toAnalyse = Queue();
        var toWrite = Queue();

        // The shares of the time that each stage takes: they work side by side, and hashing is the slow one.
        CatalogStage[] stages =
        [
            new("read", 2, .5, files.ToAsyncEnumerable(), toHash.Writer, FileWork.ReadAsync),
            new("hash", 2, .9, toHash.Reader.ReadAllAsync(stop.Token), toAnalyse.Writer, FileWork.HashAsync),
            new("analyse", 1, .6, toAnalyse.Reader.ReadAllAsync(stop.Token), toWrite.Writer, FileWork.AnalyseAsync) { Takes = f => f.IsText },
            new("write", 1, .3, InOrder(toWrite.Reader.ReadAllAsync(stop.Token)), null, (file, _) => writer.WriteAsync(file)),
        ];

        await Task.WhenAll(stages.Select(stage =>
        {
            var pace = new Pace(options.Duration * stage.Share * stage.Workers, files.Count, time);
            return UntilOneFailsAsync(stage.RunAsync(run, files.Count, pace, stop.Token), stop);
        }));
    }

    /// <summary>The same in several processes: they join the run, and this one hands them the files and writes.</summary>
    private async Task ShareAsync(WorkflowRun run, List<CatalogFile> files, WorkerPool workers, CatalogWriter writer, CancellationToken cancellationToken)
    {
        run.Plan(new PlannedStage("read", files.Count), new PlannedStage("hash", files.Count), new PlannedStage("analyse", files.Count));
        await FlushAsync(cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var toShare = Channel.CreateUnbounded<CatalogFile>();
        var done = Journal?.Done.DistinctBy(file => file.Name).ToDictionary(file => file.Name, StringComparer.Ordinal) ?? [];
        var toWrite = Channel.CreateUnbounded<CatalogFile>();
        foreach (var file in files)
        {
            _ = done.TryGetValue(file.Name, out var before) ? toWrite.Writer.TryWrite(before.At(file.Index)) : toShare.Writer.TryWrite(file);
        }

        toShare.Writer.Complete();
                var write = new CatalogStage("write", 1, 0, WritingAgainAsync(DoneBefore(run, "write"), InOrder(ToJournalAsync(toWrite.Reader.ReadAllAsync(stop.Token), files, done)), writer), null, (file, _) => writer.WriteAsync(file));
        await Task.WhenAll(
            UntilOneFailsAsync(workers.RunAsync(run.Id, toShare.Reader, toWrite.Writer, stop.Token), stop),
            UntilOneFailsAsync(write.RunAsync(run, files.Count, new Pace(TimeSpan.Zero, 0, time), stop.Token), stop));
    }

    private static async Task UntilOneFailsAsync(Task task, CancellationTokenSource stop)
    {
        try
        {
            await task;
        }
        catch
        {
            // The others would wait for this one for ever.
            await stop.CancelAsync();
            throw;
        }
    }

    private static long DoneBefore(WorkflowRun run, string stage) => run.GetStatus().Stages.FirstOrDefault(known => known.Name == stage)?.CompletedTasks ?? 0;

    private async IAsyncEnumerable<CatalogFile> ToJournalAsync(IAsyncEnumerable<CatalogFile> results, List<CatalogFile> files, Dictionary<string, CatalogFile> done)
    {
        await foreach (var file in results)
        {
            // What comes from another process is a copy.
            files[file.Index].Problem = file.Problem;
            if (Journal is not null && !done.ContainsKey(file.Name))
            {
                await Journal.AddAsync(file);
            }

            yield return file;
        }
    }

    /// <summary>The catalog is written anew after a restart: of those that were counted before, without counting.</summary>
    private static async IAsyncEnumerable<CatalogFile> WritingAgainAsync(long counted, IAsyncEnumerable<CatalogFile> files, CatalogWriter writer)
    {
        var seen = 0L;
        await foreach (var file in files)
        {
            if (++seen > counted)
            {
                yield return file;
            }
            else if (file.Problem is null)
            {
                await writer.WriteAsync(file);
            }
        }
    }

    private static Channel<CatalogFile> Queue() => Channel.CreateBounded<CatalogFile>(QueueLength);

    /// <summary>Puts files that overtook each other back in the order in which they were found, so that the same folder gives the same catalog.</summary>
    private static async IAsyncEnumerable<CatalogFile> InOrder(IAsyncEnumerable<CatalogFile> files)
    {
        var early = new Dictionary<int, CatalogFile>();
        var next = 0;
        await foreach (var file in files)
        {
            early.Add(file.Index, file);
            while (early.Remove(next, out var due))
            {
                next++;
                yield return due;
            }
        }
    }
}
