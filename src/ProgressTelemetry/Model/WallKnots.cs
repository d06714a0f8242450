
namespace ProgressTelemetry.Model;

/// <summary>
/// A stage's progress curve in the making: the wall when each point of <see cref="KnotPlacement"/> was reached. When the number of
/// tasks grows, the points that lie behind are placed anew by interpolation, and those that now lie ahead are awaited again.
/// </summary>
internal sealed class WallKnots
{
    /// <summary>Size taken while the number of tasks is unknown; doubled whenever it is reached, so a curve exists at any size.</summary>
    private const long FirstProvisionalSize = 8;

    private readonly long[] _at = new long[KnotPlacement.Count];
    private readonly double[] _wall = new double[KnotPlacement.Count];
    private int _reached;
    private bool _provisional;
    private long _size;
    private long _lastAt;
    private double _lastWall;

    public WallKnots(long? size)
    {
        _provisional = size is null;
        _size = size ?? FirstProvisionalSize;
        Await();
    }

    /// <summary>The completed tasks at which the next point is due; <see cref="long.MaxValue"/> when none is.</summary>
    public long Next { get; private set; }

    /// <summary>Notes that <paramref name="done"/> tasks are done at a wall of <paramref name="wall"/> seconds, and the points that this reaches.</summary>
    public void Reach(long done, double wall)
    {
        (_lastAt, _lastWall) = (done, wall);
        if (done < Next)
            return;
        while (_reached < KnotPlacement.Count && done >= Awaited(_reached, _size))
        {
            _at[_reached] = done;
            _wall[_reached++] = wall;
        }

        if (_provisional && done >= _size)
            Place(2 * done);
        Await();
    }

    /// <summary>So many tasks were done before, at an even pace for all that is known.</summary>
    public void Restore(long done, double wall)
    {
        (_lastAt, _lastWall) = (done, wall);
        Place(_provisional && done >= _size ? 2 * done : _size);
        Await();
    }

    /// <summary>The number of tasks is now known, or has changed.</summary>
    public void Resize(long size)
    {
        _provisional = false;
        if (size != _size)
            Place(size);
        Await();
    }

    /// <summary>The points as shares of the stage's whole wall, were it to end now with <paramref name="tasks"/> tasks.</summary>
    public double[] Shares(long tasks, double wall)
    {
        var shares = new double[KnotPlacement.Count];
        for (var k = 0; k < shares.Length; k++)
        {
            var due = KnotPlacement.Due(k, tasks);
            shares[k] = wall <= 0 ? 0 : due > _lastAt ? 1 : Math.Clamp(WallAt(due) / wall, 0, 1);
        }

        return shares;
    }

    /// <summary>In few tasks a share's point is the end itself, of which nothing has to be noted; so none is awaited after the last but one, and their order is that of their numbers.</summary>
    private static long Awaited(int knot, long size) => Math.Min(KnotPlacement.Due(knot, size), Math.Max(1, size - 1));

    private void Await() => Next = _reached < KnotPlacement.Count ? Awaited(_reached, _size)
        : _provisional ? _size
        : long.MaxValue;

    private void Place(long size)
    {
        Span<double> placed = stackalloc double[KnotPlacement.Count];
        var reached = 0;
        for (; reached < KnotPlacement.Count && Awaited(reached, size) <= _lastAt; reached++)
            placed[reached] = WallAt(Awaited(reached, size));
        for (var k = 0; k < reached; k++)
        {
            _at[k] = Awaited(k, size);
            _wall[k] = placed[k];
        }

        _size = size;
        _reached = reached;
    }

    /// <summary>The wall when <paramref name="count"/> tasks were done, on the line through the points known.</summary>
    private double WallAt(long count)
    {
        var (fromCount, fromWall) = (0L, 0.0);
        for (var k = 0; k < _reached; k++)
        {
            if (_at[k] >= count)
                return Line(fromCount, fromWall, _at[k], _wall[k], count);
            (fromCount, fromWall) = (_at[k], _wall[k]);
        }

        return Line(fromCount, fromWall, _lastAt, _lastWall, count);
    }

    private static double Line(long a, double u, long b, double v, long x) => x >= b || b <= a ? v : u + ((v - u) * (x - a) / (b - a));
}
