using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ProgressTelemetry.History;
using WorkflowProfiles = System.Collections.Generic.IReadOnlyList<System.Collections.Generic.KeyValuePair<string, System.Collections.Immutable.ImmutableArray<ProgressTelemetry.RunProfile>>>;

namespace ProgressTelemetry;

/// <summary>
/// Remembers the profiles of finished runs in a file, so that a restarted process still knows them. The file is read when this is created, and replaced
/// as a whole in the background after profiles were added: whoever is killed meanwhile leaves the old file or the new one. Trouble with the
/// file is logged and never thrown; the profiles are then remembered for as long as the process lives.
/// </summary>
/// <remarks>
/// Several processes may share a file: what is added goes into the file as it then is, and what others have added since comes with it. Beside the file an empty one, <c>*.lock</c>, keeps them from writing at once.
/// </remarks>
public sealed class FileRunHistory : IRunHistory, IDisposable, IAsyncDisposable
{
    /// <summary>Largest file written or read, in bytes, unless told otherwise: about 25,000 stages.</summary>
    public const long DefaultMaxFileBytes = 8 * 1024 * 1024;

    private readonly HistoryFileStore _file;
    private readonly ILogger _logger;
    private readonly string _path;
    private readonly int _profilesPerWorkflow;
    private readonly int _maxWorkflows;
    private readonly Lock _gate = new();
    private InMemoryRunHistory _profiles;
    private InMemoryRunHistory _unwritten;
    private Task _writing = Task.CompletedTask;
    private bool _isWriting;
    private bool _isDirty;

    /// <summary>Reads the file, if there is one. One that cannot be understood is renamed to <c>*.corrupt</c> and logged.</summary>
    /// <param name="path">The file. Its folder is made when first written to.</param>
    /// <param name="profilesPerWorkflow">Profiles kept per workflow, at least 1.</param>
    /// <param name="maxWorkflows">Workflows remembered, at least 1.</param>
    /// <param name="maxFileBytes">Largest file to write or read, in bytes: as many workflows are written as fit, those first whose last run ended last.</param>
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
        (_profilesPerWorkflow, _maxWorkflows) = (profilesPerWorkflow, maxWorkflows);
        (_profiles, _unwritten) = (NewMemory(), NewMemory());
        _logger = logger ?? (ILogger)NullLogger.Instance;
        _path = Path.GetFullPath(path);
        _file = new HistoryFileStore(_path, maxFileBytes, _logger);
        _file.DeleteAbandoned();
        _profiles.AddAll(_file.TryRead() ?? []);
    }

    /// <inheritdoc/>
    public ImmutableArray<RunProfile> GetProfiles(string workflow)
    {
        lock (_gate)
            return _profiles.GetProfiles(workflow);
    }

    /// <inheritdoc/>
    public void Add(string workflow, RunProfile profile)
    {
        lock (_gate)
        {
            _profiles.Add(workflow, profile);
            _unwritten.Add(workflow, profile);
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

    private InMemoryRunHistory NewMemory() => new(_profilesPerWorkflow, _maxWorkflows);

    private void StartWriting()
    {
        if (_isWriting)
            return;
        _isWriting = true;
        _writing = Task.Run(WriteUntilCleanAsync);
    }

    /// <summary>One writer at a time; what is added while it writes is in its next round.</summary>
    private async Task WriteUntilCleanAsync()
    {
        while (true)
        {
            InMemoryRunHistory added;
            WorkflowProfiles remembered;
            lock (_gate)
            {
                if (!_isDirty)
                {
                    _isWriting = false;
                    return;
                }

                _isDirty = false;
                (added, _unwritten) = (_unwritten, NewMemory());
                remembered = _profiles.Snapshot();
            }

            if (await TryWriteAsync(remembered, added).ConfigureAwait(false))
                continue;
            lock (_gate)
            {
                // The next addition or flush tries again; trying at once would only fail again.
                added.AddAll(_unwritten.Snapshot());
                _unwritten = added;
                _isDirty = true;
                _isWriting = false;
                return;
            }
        }
    }

    private async Task<bool> TryWriteAsync(WorkflowProfiles remembered, InMemoryRunHistory added)
    {
        try
        {
            using (await _file.LockAsync().ConfigureAwait(false))
            {
                var merged = Merge(_file.Read() ?? [], remembered, added.Snapshot());
                _file.Replace(merged.Snapshot());
                lock (_gate)
                {
                    merged.AddAll(_unwritten.Snapshot());
                    _profiles = merged;
                }
            }

            return true;
        }
#pragma warning disable CA1031 // A background writer has nobody to throw to: whatever went wrong is reported, and tried again with the next addition.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _logger.HistoryNotWritten(e, _path);
            return false;
        }
    }

    /// <summary>What the file holds now and what was added here, newest; and, oldest, what is only remembered here, because it did not fit into the file or the file is gone.</summary>
    private InMemoryRunHistory Merge(
        WorkflowProfiles written,
        WorkflowProfiles remembered,
        WorkflowProfiles added)
    {
        var merged = NewMemory();
        var inFile = written.Select(w => w.Key).ToHashSet(StringComparer.Ordinal);
        var isNew = added.Select(w => w.Key).ToHashSet(StringComparer.Ordinal);
        var onlyHere = remembered.Where(w => !inFile.Contains(w.Key)).ToDictionary(StringComparer.Ordinal);
        merged.AddAll([.. remembered.Where(w => onlyHere.ContainsKey(w.Key) && !isNew.Contains(w.Key))]);
        merged.AddAll(written);
        merged.AddAll([.. added.Select(w => KeyValuePair.Create(w.Key, onlyHere.GetValueOrDefault(w.Key, w.Value)))]);
        return merged;
    }
}
