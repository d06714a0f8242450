using ProgressTelemetry.Replay.Play;
using Xunit;

namespace ProgressTelemetry.Replay.Tests.Play;

public sealed class ReplayClockTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly ReplayClock _clock = new(Start);
    private readonly List<(string Timer, double At)> _fired = [];

    [Fact]
    public void MoveTo_LaterThenEarlier_NeverGoesBack()
    {
        _clock.MoveTo(TimeSpan.FromSeconds(2.5));
        _clock.MoveTo(TimeSpan.FromSeconds(1));

        Assert.Equal(Start.AddSeconds(2.5), _clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromSeconds(2.5), _clock.GetElapsedTime(0));
    }

    [Fact]
    public void MoveTo_PastTimers_FiresEachAtItsMomentInOrder()
    {
        Timer("late", 3, 0);
        Timer("every second", 1, 1);
        Timer("never", 9, 0);

        _clock.MoveTo(TimeSpan.FromSeconds(3.5));

        Assert.Equal([("every second", 1), ("every second", 2), ("late", 3), ("every second", 3)], _fired);
        Assert.Equal(3.5, _clock.Elapsed.TotalSeconds);
    }

    [Fact]
    public void MoveTo_TimerDisposedOrChangedByAnother_Obeys()
    {
        var disposed = Timer("disposed", 2, 0);
        var moved = Timer("moved", 2, 0);
        using var first = _clock.CreateTimer(
            _ =>
            {
                disposed.Dispose();
                moved.Change(TimeSpan.FromSeconds(3), Timeout.InfiniteTimeSpan);
            },
            null,
            TimeSpan.FromSeconds(1),
            Timeout.InfiniteTimeSpan);

        _clock.MoveTo(TimeSpan.FromSeconds(10));

        Assert.Equal([("moved", 4)], _fired);
    }

    private ITimer Timer(string name, double due, double period) => _clock.CreateTimer(
        _ => _fired.Add((name, _clock.Elapsed.TotalSeconds)), null, TimeSpan.FromSeconds(due), TimeSpan.FromSeconds(period));
}
