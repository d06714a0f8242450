using System.Runtime.InteropServices;

namespace ProgressTelemetry.Runtime;

/// <summary>A run's completion and forecast as they were, at up to <see cref="MostPoints"/> moments spread over its whole course. Guarded by the run's lock.</summary>
internal sealed class RunTimeline
{
    /// <summary>Runs recorded at once at most: a point is 72 bytes, so all of it stays under 9 MB.</summary>
    public const int MostRuns = 1000;

    /// <summary>Enough for a curve; when they are used up every other one goes, and the spacing doubles.</summary>
    private const int MostPoints = 120;
    private readonly List<Point> _points = [];
    private double _spacing = 1;

    public IReadOnlyList<Point> Points => _points;

    /// <summary>The run's moment now, when the last one is long enough ago.</summary>
    public void Sample(LiveRun run, long now)
    {
        var t = run.Time.Seconds(now);
        if (_points.Count > 0 && t < _points[^1].Seconds + _spacing)
        {
            return;
        }

        if (_points.Count == MostPoints)
        {
            var kept = 0;
            _points.RemoveAll(_ => kept++ % 2 == 1);
            _spacing = Math.Max(_spacing * 2, t / MostPoints);
        }

        _points.Add(Now(run, t));
    }

    /// <summary>The run's last moment; after it nothing is predicted.</summary>
    public void End(LiveRun run) => _points.Add(new Point(run.Model.EndedAt, run.Model.Completion, null, null, null));

    public static Point Now(LiveRun run, double t)
    {
        var estimate = run.Forecast.Predict(t, run.Model.History);
        return new Point(t, run.Model.Completion, estimate?.Expected, estimate?.Low, estimate?.High);
    }

    /// <summary>One moment, and the end as it was then predicted; all times in seconds since the run's start.</summary>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Point(double Seconds, double? Completion, double? Expected, double? Low, double? High);
}
