using ProgressTelemetry.Exporter.Prometheus.Collection;
using Xunit;

namespace ProgressTelemetry.Exporter.Prometheus.Tests;

public sealed class SegmentedListTests
{
    [Fact]
    public void Reserve_RunsOfEveryLength_DoNotOverlap()
    {
        var list = new SegmentedList<long>(new SegmentPool<long>(segmentLengthLog2: 3, maxRetained: 2));
        var random = new Random(1);
        for (var round = 0; round < 3; round++)
        {
            var runs = new List<(int Position, int Length)>();
            for (var i = 0; i < 500; i++)
            {
                var length = random.Next(1, 30);
                var position = list.Reserve(length);
                list.Span(position, length).Fill(i);
                runs.Add((position, length));
            }

            for (var i = 0; i < runs.Count; i++)
            {
                Assert.Equal(Enumerable.Repeat((long)i, runs[i].Length), list.Span(runs[i].Position, runs[i].Length).ToArray());
            }

            list.Clear();
        }
    }

    [Fact]
    public void Reserve_SingleElements_AreOneAfterTheOther()
    {
        var list = new SegmentedList<int>(new SegmentPool<int>(segmentLengthLog2: 2, maxRetained: 1));
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(i, list.Reserve(1));
            list[i] = i;
        }

        Assert.Equal(Enumerable.Range(0, 100), Enumerable.Range(0, 100).Select(i => list[i]));
    }

    [Fact]
    public void Return_MoreThanRetained_LetsTheRestGo()
    {
        var pool = new SegmentPool<string?>(segmentLengthLog2: 0, maxRetained: 1);
        var (first, second) = (pool.Rent(), pool.Rent());
        first[0] = "kept alive";
        pool.Return(first);
        pool.Return(second);
        Assert.Same(first, pool.Rent());
        Assert.Null(first[0]);
        Assert.NotSame(second, pool.Rent());
    }
}
