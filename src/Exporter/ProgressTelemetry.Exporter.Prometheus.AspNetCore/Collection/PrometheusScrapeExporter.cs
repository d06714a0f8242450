using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace ProgressTelemetry.Exporter.Prometheus.Collection;

/// <summary>
/// The exporter behind the scrape endpoint. It collects only when a scrape asks, and scrapes that wait for a collection to begin share it.
/// </summary>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusScrapeExporter : BaseExporter<Metric>, IPullMetricExporter
{
    // Together under 4 MB, and each segment under the large object heap's 85,000 bytes.
    private readonly SegmentPool<PointRecord> _pointPool = new(segmentLengthLog2: 12, maxRetained: 40);
    private readonly SegmentPool<long> _numberPool = new(segmentLengthLog2: 13, maxRetained: 16);
    private readonly SnapshotRecorder _recorder;
    private readonly Lock _gate = new();
    private MetricSnapshot? _spare;
    private MetricSnapshot? _recording;
    private Exception? _recordingFailure;
    private Collection? _running;
    private Collection? _waiting;

    public PrometheusScrapeExporter(PrometheusScrapeOptions options, ScrapeLog log)
    {
        Options = options;
        _recorder = new SnapshotRecorder(options.CreatedTimestamps, log);
    }

    public PrometheusScrapeOptions Options { get; }

    /// <summary>The SDK's way to collect; null when no provider took this exporter, as when the SDK is disabled.</summary>
    public Func<int, bool>? Collect { get; set; }

    /// <inheritdoc/>
    public override ExportResult Export(in Batch<Metric> batch)
    {
        // A collection that no scrape asked for, such as the provider's last when it shuts down, leaves nothing behind.
        if (_recording is not { } snapshot)
        {
            return ExportResult.Success;
        }

        try
        {
            _recorder.Record(in batch, snapshot);
            return ExportResult.Success;
        }
        catch (Exception exception)
        {
            // The SDK would swallow it.
            _recordingFailure = exception;
            return ExportResult.Failure;
        }
    }

    /// <summary>
    /// A collection that begins after this call. The caller has to release the snapshot. Null when the SDK could not collect.
    /// </summary>
    public async Task<MetricSnapshot?> CollectAsync(CancellationToken cancellationToken)
    {
        Collection collection;
        lock (_gate)
        {
            // One that already runs may have read a counter before the caller's own last update.
            collection = _waiting ??= new Collection();
            collection.Interested++;
            if (_running is null)
            {
                StartWaiting();
            }
        }

        try
        {
            return await collection.Result.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Abandon(collection);
            throw;
        }
    }

    private void StartWaiting()
    {
        _running = _waiting;
        _waiting = null;
        if (_running is { } next)
        {
            // On a thread of its own: an observable instrument may block, and its scrapers must still get their answer in time. Without the scrape's
            // context: what the instruments report is no part of its trace.
            ThreadPool.UnsafeQueueUserWorkItem(Run, next, preferLocal: false);
        }
    }

    private void Run(Collection collection)
    {
        MetricSnapshot? snapshot = null;
        Exception? failure = null;
        try
        {
            snapshot = Record();
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        lock (_gate)
        {
            // Each scrape that still waits holds the snapshot; nobody can join any more, since the collection has run.
            for (var i = 0; i < collection.Interested; i++)
            {
                snapshot?.Retain();
            }

            collection.Snapshot = snapshot;
            StartWaiting();
        }

        if (failure is null)
        {
            collection.Result.SetResult(snapshot);
        }
        else
        {
            collection.Result.SetException(failure);
        }

        snapshot?.Release();
    }

    private MetricSnapshot? Record()
    {
        var snapshot = Interlocked.Exchange(ref _spare, null) ?? new MetricSnapshot(_pointPool, _numberPool, Recycle);
        snapshot.Retain();
        var succeeded = false;
        try
        {
            _recording = snapshot;
            succeeded = Collect is { } collect && collect(Timeout.Infinite);
            if (Interlocked.Exchange(ref _recordingFailure, null) is { } failure)
            {
                succeeded = false;
                throw new InvalidOperationException("The collected metrics could not be read.", failure);
            }

            return succeeded ? snapshot : null;
        }
        finally
        {
            _recording = null;
            if (!succeeded)
            {
                snapshot.Release();
            }
        }
    }

    private void Abandon(Collection collection)
    {
        lock (_gate)
        {
            if (collection.Snapshot is { } snapshot)
            {
                snapshot.Release();
            }
            else
            {
                collection.Interested--;
            }
        }
    }

    private void Recycle(MetricSnapshot snapshot) => Volatile.Write(ref _spare, snapshot);

    private sealed class Collection
    {
        public TaskCompletionSource<MetricSnapshot?> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Interested { get; set; }

        public MetricSnapshot? Snapshot { get; set; }
    }
}
