using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace ProgressTelemetry.History;

/// <summary>
/// The history file itself: read, set aside when it cannot be understood, and replaced as a whole under a lock that other processes respect. Whoever is killed meanwhile leaves the old file or the new one, and no lock.
/// </summary>
internal sealed class HistoryFileStore(string path, long maxBytes, ILogger logger)
{
    /// <summary>What is appended to the name of a file that could not be understood.</summary>
    public const string SetAsideSuffix = ".corrupt";

    /// <summary>What is appended to the file's name for the one that is locked: the file itself is replaced, and a lock on it would be with the old one. It is empty and stays.</summary>
    public const string LockSuffix = ".lock";

    /// <summary>An unfinished file of that age is nobody's any more: its writer was killed.</summary>
    private static readonly TimeSpan _abandonedAfter = TimeSpan.FromHours(1);

    /// <summary>How long another process may take to write; after that this one tries again with its next profile.</summary>
    private static readonly TimeSpan _lockTimeout = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan _lockRetry = TimeSpan.FromMilliseconds(20);

    /// <summary>What the file holds; null when there is none or it could not be understood or read, which is logged.</summary>
    public IReadOnlyList<KeyValuePair<string, ImmutableArray<RunProfile>>>? TryRead()
    {
        try
        {
            return Read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.HistoryNotRead(e, path);
            return null;
        }
    }

    /// <summary>What the file holds; null when there is none. One that could not be understood is set aside, which is logged.</summary>
    /// <exception cref="IOException">The file is there but could not be read, or not be set aside: then it must not be replaced.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public IReadOnlyList<KeyValuePair<string, ImmutableArray<RunProfile>>>? Read()
    {
        try
        {
            if (!File.Exists(path))
                return null;
            if (new FileInfo(path).Length is var length && length > maxBytes)
                throw new JsonException($"The file has {length} bytes, more than {maxBytes}.");
            return [.. HistoryFile.Parse(File.ReadAllBytes(path)).Workflows.Select(w => KeyValuePair.Create(w.Workflow, w.Profiles.ToImmutableArray()))];
        }
        catch (JsonException e)
        {
            File.Move(path, path + SetAsideSuffix, overwrite: true);
            logger.HistorySetAside(e, path, path + SetAsideSuffix);
            return null;
        }
    }

    /// <summary>Keeps other processes from writing until the result is disposed.</summary>
    /// <exception cref="IOException">Another process has kept the lock for too long, or the folder can't be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or the file may not be written to.</exception>
    public async Task<IDisposable> LockAsync()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path + LockSuffix, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException) when (TimeProvider.System.GetElapsedTime(started) < _lockTimeout)
            {
                await Task.Delay(_lockRetry, TimeProvider.System).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Replaces the file. As many workflows are written as fit, the first ones first.</summary>
    public void Replace(IReadOnlyList<KeyValuePair<string, ImmutableArray<RunProfile>>> workflows)
    {
        var unfinished = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                stream.Write(HistoryFile.Write(workflows, maxBytes).Span);
                stream.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            TryDelete(unfinished);
            throw;
        }
    }

    /// <summary>Deletes what killed writers left.</summary>
    public void DeleteAbandoned()
    {
        try
        {
            var folder = Path.GetDirectoryName(path)!;
            if (!Directory.Exists(folder))
                return;
            var limit = TimeProvider.System.GetUtcNow().UtcDateTime - _abandonedAfter;
            foreach (var file in Directory.EnumerateFiles(folder, Path.GetFileName(path) + ".*.tmp"))
            {
                if (File.GetLastWriteTimeUtc(file) < limit)
                    TryDelete(file);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.HistoryNotRead(e, path);
        }
    }

    private void TryDelete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.HistoryNotWritten(e, file);
        }
    }
}
