using System.Runtime.InteropServices;

namespace ProgressTelemetry.Tracking;

/// <summary>A run's completion and forecast as they were, at up to <see cref="MostPoints"/> moments spread over its whole course.</summary>
internal sealed class RunTimeline
{
    /// <summary>Enough for a curve; when they are used up every other one goes, and the spacing doubles.</summary>
    private const int MostPoints = 120;
    private readonly List<Point> _points = [];
    private double _spacing = 1;

    public IReadOnlyList<Point> Points => _points;

    /// <summary>Called under the run's lock.</summary>
    public void Sample(RunState run, long now)
    {
        var t = run.Seconds(now);
        if (_points.Count > 0 && t < _points[^1].Seconds + _spacing)
        {
            return;
        }

        if (_points.Count == MostPoints)
        {
            var kept = _points.Where((_, i) => i % 2 == 0).ToArray();
            _points.Clear();
            _points.AddRange(kept);
            _spacing = Math.Max(_spacing * 2, t / MostPoints);
        }

        var estimate = run.Model.Predict(t, run.History);
        _points.Add(new Point(t, run.Completion, estimate?.Expected, estimate?.Low, estimate?.High));
    }

    /// <summary>One moment; all times in seconds since the run's start.</summary>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Point(double Seconds, double? Completion, double? Expected, double? Low, double? High);
}
