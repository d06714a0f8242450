namespace ProgressTelemetry.Demo.Pipelines.Catalog;

/// <summary>
/// Slows one stage down to human speed: its files together take a given time, larger files longer, by the logarithm of their size. With no time to take it does nothing.
/// </summary>
internal sealed class Pace(TimeSpan duration, int files, TimeProvider time)
{
    private readonly Lock _gate = new();
    private double _weights;
    private int _seen;

    /// <summary>Waits for as long as one file should take.</summary>
    public Task WaitAsync(long size, CancellationToken cancellationToken) =>
        duration > TimeSpan.Zero && files > 0 ? Task.Delay(duration / files * Weight(size), time, cancellationToken) : Task.CompletedTask;

    /// <summary>The file's weight beside the mean of those so far, so that all weights are 1 on average.</summary>
    private double Weight(long size)
    {
        var weight = Math.Log2(2 + size);
        lock (_gate)
        {
            _weights += weight;
            _seen++;
            return weight / (_weights / _seen);
        }
    }
}
