namespace ProgressTelemetry;

/// <summary>What a store implements besides that can wake those who work at one run, so that they hear of each other sooner than by asking once a second. A tracker asks all the same: a signal may be lost.</summary>
public interface IRunStoreSignals
{
    /// <summary>Tells others that shares of runs were put.</summary>
    /// <param name="instance">The process that put them: it isn't told.</param>
    /// <param name="runIds">The runs.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when it is on its way.</returns>
    Task SignalAsync(string instance, IReadOnlyCollection<string> runIds, CancellationToken cancellationToken);

    /// <summary>Listens for as long as it is enumerated. It throws when it can't any more, and may be tried again.</summary>
    /// <param name="instance">The process that listens.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The runs of which others put shares, as they come.</returns>
    IAsyncEnumerable<string> ListenAsync(string instance, CancellationToken cancellationToken);
}
