using System.Numerics;
using System.Runtime.InteropServices;

namespace ProgressTelemetry.Runtime;

/// <summary>What became of an addition.</summary>
internal enum Added
{
    /// <summary>Counted, and nobody needs to look.</summary>
    Quietly,

    /// <summary>Counted, and the owner has to look: the cell came to its limit.</summary>
    AtLimit,

    /// <summary>Not counted: the count is closed.</summary>
    Closed,

    /// <summary>Not counted: the count would leave the range that a double holds exactly.</summary>
    Overflow,
}

/// <summary>
/// A count that many threads add to without a lock. It starts as one cell and spreads over several, each on a cache line of its own, once threads collide (as Java's LongAdder does). Two things make it exact:
/// the sign bit of a cell says "closed", so that an addition and the closing can't cross; and each cell has a limit at which the owner must look, so that a threshold on the sum can't be passed unseen
/// although nobody sums on the way (see <see cref="SetLimits"/>).
/// </summary>
internal struct StripedCount
{
    private const long ClosedBit = long.MinValue;
    private const ulong Most = Checked.MaxCount;
    private static readonly int CellCount = (int)Math.Min(16, BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount * 2));
    private static readonly PaddedCell[] ClosedCells = [new PaddedCell { Cell = new Cell { Value = ClosedBit } }];
    private static int s_threads;

    [ThreadStatic]
    private static int t_index;

    private Cell _first;
    private PaddedCell[]? _cells;

    public readonly int Cells => _cells is { } cells ? cells.Length + 1 : 1;

    public readonly long Sum
    {
        get
        {
            var sum = Volatile.Read(in _first.Value) & ~ClosedBit;
            if (_cells is { } cells)
            {
                foreach (ref readonly var padded in cells.AsSpan())
                {
                    sum += Volatile.Read(in padded.Cell.Value) & ~ClosedBit;
                }
            }

            return sum;
        }
    }

    /// <summary>Adds <paramref name="count"/>, which is not negative.</summary>
    public Added Add(long count)
    {
        while (true)
        {
            var cells = Volatile.Read(ref _cells);
            ref var cell = ref cells is null ? ref _first : ref cells[Index & (cells.Length - 1)].Cell;
            var value = Volatile.Read(ref cell.Value);
            var next = value + count;
            if ((ulong)next > Most)
            {
                return value < 0 ? Added.Closed : Added.Overflow;
            }

            if (Interlocked.CompareExchange(ref cell.Value, next, value) == value)
            {
                // After the exchange, which is a full fence: either this sees a limit set by SetLimits, or SetLimits' sum sees this addition.
                return next >= Volatile.Read(ref cell.Limit) ? Added.AtLimit : Added.Quietly;
            }

            Spread(cells);
        }
    }

    /// <summary>Lets each cell take <paramref name="perCell"/> more before its owner must look; 0 makes it look at every addition. Sum again afterwards: what was added meanwhile may have passed the threshold.</summary>
    public void SetLimits(long perCell)
    {
        SetLimit(ref _first, perCell);
        if (_cells is { } cells)
        {
            foreach (ref var padded in cells.AsSpan())
            {
                SetLimit(ref padded.Cell, perCell);
            }
        }

        Interlocked.MemoryBarrier();
    }

    /// <summary>Closes the count and returns its final sum; additions that come later return <see cref="Added.Closed"/>.</summary>
    public long Close()
    {
        // An open count of one cell gets closed cells to spread to, so that it can't spread to open ones.
        var cells = Interlocked.CompareExchange(ref _cells, ClosedCells, null);
        Interlocked.Or(ref _first.Value, ClosedBit);
        if (cells is not null)
        {
            foreach (ref var padded in cells.AsSpan())
            {
                Interlocked.Or(ref padded.Cell.Value, ClosedBit);
            }
        }

        return Sum;
    }

    private static int Index => t_index != 0 ? t_index : t_index = Interlocked.Increment(ref s_threads);

    private static void SetLimit(ref Cell cell, long perCell) => Volatile.Write(
        ref cell.Limit,
        perCell is 0 or long.MaxValue ? perCell : (Volatile.Read(ref cell.Value) & ~ClosedBit) + perCell);

    private void Spread(PaddedCell[]? seen)
    {
        if (seen is null)
        {
            // New cells have limit 0: the first addition to each makes the owner set their limits.
            Interlocked.CompareExchange(ref _cells, new PaddedCell[CellCount], null);
        }
        else
        {
            t_index = Interlocked.Increment(ref s_threads);
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Cell
    {
        public long Value;
        public long Limit;
    }

    // In the middle, so that the first cell is on another cache line than the array's length, which everybody reads.
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct PaddedCell
    {
        [FieldOffset(64)]
        public Cell Cell;
    }
}
