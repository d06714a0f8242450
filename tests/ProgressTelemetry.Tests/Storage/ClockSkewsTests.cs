using ProgressTelemetry.Runtime;
using ProgressTelemetry.Storage;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.Tests.Storage;

/// <summary>When processes whose clocks are wrong were at a run, put right by what the store says of their shares' age.</summary>
public sealed class ClockSkewsTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly ClockSkews _skews;

    public ClockSkewsTests() => _skews = new ClockSkews(new TrackerClock(_clock));

    private DateTimeOffset Now => _clock.GetUtcNow();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 29)]
    [InlineData(-25, 50)]
    public void PutRight_NoFurtherApartThanCallsTake_LeavesTheShareAsItIs(int ahead, int age)
    {
        var share = Share(ahead, age);
        Assert.Same(share, _skews.PutRight(share, TimeSpan.FromSeconds(age)));
    }

    [Theory]
    [InlineData(300)]
    [InlineData(-300)]
    [InlineData(86_400 * 365)]
    public void PutRight_FurtherApart_ShiftsWhenTheParticipantWasThere(int ahead)
    {
        var share = Share(ahead, 70);
        var right = _skews.PutRight(share, TimeSpan.FromSeconds(70));
        var put = Now.AddSeconds(-70);
        Assert.Equal((put, put, put), (right.JoinedAt, right.UpdatedAt, right.LeftAt));
        Assert.Equal(share, right with { JoinedAt = share.JoinedAt, UpdatedAt = share.UpdatedAt, LeftAt = share.LeftAt });
    }

    [Fact]
    public void PutRight_CallsThatTakeDifferentTimes_KeepTheSkew()
    {
        var first = _skews.PutRight(Share(300, 10), TimeSpan.FromSeconds(10));
        _clock.Advance(TimeSpan.FromSeconds(12));
        var second = _skews.PutRight(Share(300, 10), TimeSpan.FromSeconds(0));
        Assert.Equal(TimeSpan.FromSeconds(12), second.JoinedAt - first.JoinedAt);
    }

    [Fact]
    public void PutRight_ClockThatIsSetRight_IsBelieved()
    {
        Assert.Equal(Now, _skews.PutRight(Share(300, 0), TimeSpan.Zero).JoinedAt);
        var right = Share(0, 0);
        Assert.Same(right, _skews.PutRight(right, TimeSpan.Zero));
    }

    [Fact]
    public void PutRight_WhatCanNotBe_DoesNotThrow()
    {
        foreach (var put in new DateTimeOffset?[] { null, DateTimeOffset.MinValue, DateTimeOffset.MaxValue })
        {
            foreach (var age in new[] { TimeSpan.Zero, TimeSpan.MaxValue, TimeSpan.MinValue, TimeSpan.FromDays(3000), TimeSpan.FromDays(-3000) })
            {
                var share = Share(0, 0) with { PutAt = put, JoinedAt = DateTimeOffset.MinValue, UpdatedAt = DateTimeOffset.MaxValue };
                Assert.Equal("r", _skews.PutRight(share, age).RunId);
            }
        }
    }

    // All of its moments are when it was put, on a clock that is so much ahead.
    private RunShare Share(int ahead, int age)
    {
        var put = Now.AddSeconds(ahead - age);
        return new RunShare
        {
            RunId = "r", Workflow = "w", Participant = "p", Instance = "i", Sequence = 1, PutAt = put, StartedAt = put, JoinedAt = put, UpdatedAt = put, LastProgressAt = put, LeftAt = put,
        };
    }
}
