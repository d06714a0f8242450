namespace ProgressTelemetry.Estimation;

/// <summary>The numbers of the interval that is meant to hold the truth in 80 % of runs; the first two lines were fitted with <see cref="EstimatorConstants"/>.</summary>
internal static class IntervalConstants
{
    /// <summary>Half-widths without history, in log seconds: <c>remaining x e^-.8 .. remaining x e^1.4</c>.</summary>
    public const double ColdLow = 0.8, ColdHigh = 1.4;

    /// <summary>
    /// With history: <c>half = Base + sqrt(variance of votes + (FewProfiles / profiles)^2) + End x progress^6</c>, and <c>HistoryLow x half</c> downwards, <c>HistoryHigh x half</c> upwards: a run has more ways to be late than to be early.
    /// Near the end only stragglers are left, and those are uncertain.
    /// </summary>
    public const double Base = 0.03, FewProfiles = 0.3, End = 1.0, HistoryLow = 0.8, HistoryHigh = 1.5;

    /// <summary>
    /// What has run for a time a, and of which no like has ended, ends in one of ten cases before 1.1 a, and in one of ten after 10 a: of a duration that may have any scale, that is all that its age tells.
    /// </summary>
    public const double FirstEndsEarly = 1.1, FirstEndsLate = 10;

    /// <summary>A running task that is older than this many of the longest like it is no longer one of them: it may run as long again as it is late. As in the stall rule without history.</summary>
    public const double OutOfLine = 3;

    /// <summary>When all that was declared is done but the run goes on: it may take this many times the silence since then, or a task more, or this share of the elapsed time.</summary>
    public const double AfterAll = 2, AfterAllShare = 0.03;
}
