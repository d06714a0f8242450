namespace ProgressTelemetry.Following;

/// <summary>When to look up what others may have done with a run: a while after it was last heard of here, and then less and less often. For one caller at a time.</summary>
internal sealed class LookTimes(DateTimeOffset now)
{
    private DateTimeOffset _looked = now;
    private TimeSpan _interval;

    /// <summary>Whether it is time to look; if so, the next time is later.</summary>
    /// <param name="lastChange">When the run was last heard of.</param>
    /// <param name="now">The time.</param>
    /// <param name="first">How long after that to look for the first time.</param>
    /// <param name="longest">The longest time between two looks.</param>
    public bool AreDue(DateTimeOffset lastChange, DateTimeOffset now, TimeSpan first, TimeSpan longest)
    {
        if (lastChange > _looked || _interval == default)
        {
            (_looked, _interval) = (lastChange, first);
        }

        if (now - _looked < _interval)
        {
            return false;
        }

        (_looked, _interval) = (now, TimeSpan.FromTicks(Math.Min(_interval.Ticks * 2, longest.Ticks)));
        return true;
    }
}
