using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ProgressTelemetry.History;

namespace ProgressTelemetry;

/// <summary>
/// Remembers the profiles of finished runs in a file, so that a restarted process still knows them. The file is read once, when this is created, and replaced
/// as a whole in the background after profiles were added: whoever is killed meanwhile leaves the old file or the new one. Trouble with the
/// file is logged and never thrown; the profiles are then remembered for as long as the process lives.
/// </summary>
/// <remarks>One process per file: of two, the one that writes last wins.</remarks>
public sealed class FileRunHistory : IRunHistory, IDisposable, IAsyncDisposable
{
    /// <summary>Largest file written or read, in bytes, unless told otherwise: about 25,000 stages.</summary>
    public const long DefaultMaxFileBytes = 8 * 1024 * 1024;

    /// <summary>What is appended to the name of a file that could not be understood.</summary>
    internal const string SetAsideSuffix = ".corrupt";

    /// <summary>An unfinished file of that age is nobody's any more: its writer was killed.</summary>
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromHours(1);

    private readonly InMemoryRunHistory _profiles;
    private readonly string _path;
    private readonly long _maxFileBytes;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private Task _writing = Task.CompletedTask;
    private bool _isWriting;
    private bool _isDirty;

    /// <summary>Reads the file, if there is one. One that cannot be understood is renamed to <c>*.corrupt</c> and logged.</summary>
    /// <param name="path">The file. Its folder is made when first written to.</param>
    /// <param name="profilesPerWorkflow">Profiles kept per workflow, at least 1.</param>
    /// <param name="maxWorkflows">Workflows remembered, at least 1.</param>
    /// <param name="maxFileBytes">Largest file to write or read, in bytes: workflows whose last run ended longest ago are left out of it.</param>
    /// <param name="logger">Where trouble with the file is reported.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null or empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is less than 1.</exception>
    public FileRunHistory(
        string path,
        int profilesPerWorkflow = InMemoryRunHistory.DefaultProfilesPerWorkflow,
        int maxWorkflows = InMemoryRunHistory.DefaultMaxWorkflows,
        long maxFileBytes = DefaultMaxFileBytes,
        ILogger<FileRunHistory>? logger = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxFileBytes, 1);
        _profiles = new InMemoryRunHistory(profilesPerWorkflow, maxWorkflows);
        _path = Path.GetFullPath(path);
        _maxFileBytes = maxFileBytes;
        _logger = logger ?? (ILogger)NullLogger.Instance;
        Load();
    }

    /// <inheritdoc/>
    public ImmutableArray<RunProfile> GetProfiles(string workflow) => _profiles.GetProfiles(workflow);

    /// <inheritdoc/>
    public void Add(string workflow, RunProfile profile)
    {
        _profiles.Add(workflow, profile);
        lock (_gate)
        {
            _isDirty = true;
            StartWriting();
        }
    }

    /// <summary>Completes when all that was added before the call has been written, or could not be (which is logged).</summary>
    public Task FlushAsync()
    {
        lock (_gate)
        {
            if (_isDirty)
                StartWriting();
            return _writing;
        }
    }

    /// <summary>Waits for what was added to be written.</summary>
    public void Dispose() => FlushAsync().GetAwaiter().GetResult();

    /// <summary>Waits for what was added to be written.</summary>
    public ValueTask DisposeAsync() => new(FlushAsync());

    private void StartWriting()
    {
        if (_isWriting)
            return;
        _isWriting = true;
        _writing = Task.Run(WriteUntilClean);
    }

    /// <summary>One writer at a time; what is added while it writes is in its next round.</summary>
    private void WriteUntilClean()
    {
        while (true)
        {
            lock (_gate)
            {
                if (!_isDirty)
                {
                    _isWriting = false;
                    return;
                }

                _isDirty = false;
            }

            if (Write())
                continue;
            lock (_gate)
            {
                // The next addition or flush tries again; trying at once would only fail again.
                _isDirty = true;
                _isWriting = false;
                return;
            }
        }
    }

    private bool Write()
    {
        var unfinished = $"{_path}.{Guid.NewGuid():N}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            using (var stream = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                stream.Write(HistoryFile.Write(_profiles.Snapshot(), _maxFileBytes));
                stream.Flush(flushToDisk: true);
            }

            File.Move(unfinished, _path, overwrite: true);
            return true;
        }
#pragma warning disable CA1031 // A background writer has nobody to throw to: whatever went wrong is reported, and tried again with the next addition.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _logger.HistoryNotWritten(e, _path);
            TryDelete(unfinished);
            return false;
        }
    }

    private void Load()
    {
        try
        {
            DeleteAbandoned();
            if (!File.Exists(_path))
                return;
            if (new FileInfo(_path).Length is var length && length > _maxFileBytes)
                throw new JsonException($"The file has {length} bytes, more than {_maxFileBytes}.");
            foreach (var entry in HistoryFile.Parse(File.ReadAllBytes(_path)).Workflows.Reverse())
            {
                foreach (var profile in entry.Profiles.Reverse())
                    _profiles.Add(entry.Workflow, profile);
            }
        }
        catch (JsonException e)
        {
            SetAside(e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _logger.HistoryNotRead(e, _path);
        }
    }

    private void SetAside(JsonException reason)
    {
        try
        {
            File.Move(_path, _path + SetAsideSuffix, overwrite: true);
            _logger.HistorySetAside(reason, _path, _path + SetAsideSuffix);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _logger.HistoryNotRead(reason, _path);
            _logger.HistoryNotRead(e, _path);
        }
    }

    private void DeleteAbandoned()
    {
        var folder = Path.GetDirectoryName(_path)!;
        if (!Directory.Exists(folder))
            return;
        var limit = TimeProvider.System.GetUtcNow().UtcDateTime - AbandonedAfter;
        foreach (var file in Directory.EnumerateFiles(folder, Path.GetFileName(_path) + ".*.tmp"))
        {
            if (File.GetLastWriteTimeUtc(file) < limit)
                TryDelete(file);
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
            _logger.HistoryNotWritten(e, file);
        }
    }
}
