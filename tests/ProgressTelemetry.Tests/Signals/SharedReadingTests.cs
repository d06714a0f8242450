using ProgressTelemetry.Runtime;
using ProgressTelemetry.Signals;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.Tests.Signals;

public class SharedReadingTests
{
    [Fact]
    public void Get_ByTheInstrumentsOfOneCollection_ReadsOnce_HoweverLongAReadingTakes()
    {
        var (time, read) = (new ManualTimeProvider(), 0);
        var reading = new SharedReading<int>(new TrackerClock(time), _ =>
        {
            time.Advance(TimeSpan.FromMilliseconds(200));
            return ++read;
        });

        Assert.Equal([1, 1, 1], new[] { 0, 1, 2 }.Select(reading.Get));
        Assert.Equal([2, 2, 2], new[] { 0, 1, 2 }.Select(reading.Get));

        // One that doesn't ask the first instrument.
        time.Advance(TimeSpan.FromMilliseconds(11));
        Assert.Equal([3, 3], new[] { 3, 4 }.Select(reading.Get));
    }

    [Fact]
    public void Get_ByTwoCollectionsAtOnce_ShowsEachWhatWasDoneBeforeItAsked()
    {
        var done = 0;
        var reading = new SharedReading<int>(new TrackerClock(new ManualTimeProvider()), _ => done);
        Assert.Equal(0, reading.Get(0));
        done = 1;

        // The other begins, and the first goes on.
        Assert.Equal(1, reading.Get(0));
        Assert.Equal(1, reading.Get(1));
        done = 2;
        Assert.Equal(2, reading.Get(1));
    }
}
