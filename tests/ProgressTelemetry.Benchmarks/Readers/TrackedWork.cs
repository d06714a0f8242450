using System.Diagnostics;

namespace ProgressTelemetry.Benchmarks.Readers;

/// <summary>Work on a thread of its own: every 5 ms a batch of 1,000 small tasks, all of them tracked, and each batch timed.</summary>
internal sealed class TrackedWork : IDisposable
{
    private const int TasksPerBatch = 1000;

    private readonly IReadOnlyList<WorkflowStage> _stages;
    private readonly Thread _thread;
    private volatile List<double> _batches = [];
    private volatile bool _isOver;

    public TrackedWork(IReadOnlyList<WorkflowStage> stages)
    {
        _stages = stages;
        _thread = new Thread(Work) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>The batches' times from now on, in milliseconds.</summary>
    public List<double> Restart() => _batches = new List<double>(100_000);

    public void Dispose()
    {
        _isOver = true;
        _thread.Join();
    }

    private void Work()
    {
        var (next, value) = (0, 1u);
        while (!_isOver)
        {
            var begin = Stopwatch.GetTimestamp();
            for (var task = 0; task < TasksPerBatch; task++)
            {
                for (var step = 0; step < 1000; step++)
                {
                    value = (value * 1664525) + 1013904223;
                }

                _stages[next++ % _stages.Count].CompleteTask();
            }

            _batches.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
            GC.KeepAlive(value);
            Thread.Sleep(5);
        }
    }
}
