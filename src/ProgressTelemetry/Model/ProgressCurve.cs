namespace ProgressTelemetry.Model;

/// <summary>Share of a stage's wall spent over the share of its tasks completed: a line through points, from (0, 0) to (1, 1).</summary>
internal sealed class ProgressCurve
{
    private readonly double[] _completed;
    private readonly double[] _spent;

    /// <summary>The line through the points of a stage of that many tasks. Points that lie together, or at the end, say nothing more than the first of them.</summary>
    public ProgressCurve(long tasks, IReadOnlyList<double> wallShares)
    {
        var (completed, spent) = (new List<double>(KnotPlacement.Count + 2) { 0 }, new List<double>(KnotPlacement.Count + 2) { 0 });
        for (var knot = 0; knot < KnotPlacement.Count; knot++)
        {
            var x = (double)KnotPlacement.Due(knot, tasks) / tasks;
            if (x > completed[^1] && x < 1)
                Add(x, wallShares[knot]);
        }

        Add(1, 1);
        (_completed, _spent) = ([.. completed], [.. spent]);

        void Add(double x, double y)
        {
            completed.Add(x);
            spent.Add(y);
        }
    }

    public double At(double completed)
    {
        if (!(completed < 1))
            return 1;
        var i = 1;
        while (_completed[i] < completed)
            i++;
        var (a, u) = (_completed[i - 1], _spent[i - 1]);
        return u + ((_spent[i] - u) * (completed - a) / (_completed[i] - a));
    }
}
