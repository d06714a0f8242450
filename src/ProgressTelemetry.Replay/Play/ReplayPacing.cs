namespace ProgressTelemetry.Replay.Play;

/// <summary>Moves a replay's clock: at once, or as many times faster than real time as asked, in steps small enough for a page to look alive.</summary>
internal sealed class ReplayPacing(ReplayClock clock, TimeProvider real, double? speed)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private readonly long _realStart = real.GetTimestamp();
    private readonly TimeSpan _clockStart = clock.Elapsed;

    public ReplayClock Clock => clock;

    /// <summary>Moves the clock to a moment since it was made.</summary>
    public async Task MoveToAsync(TimeSpan elapsed, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (speed is { } times)
        {
            while (_clockStart + (real.GetElapsedTime(_realStart) * times) is var now && now < elapsed)
            {
                clock.MoveTo(now);
                var left = (elapsed - now) / times;
                await Task.Delay(left < Step ? left : Step, real, cancellationToken);
            }
        }

        clock.MoveTo(elapsed);
    }
}
