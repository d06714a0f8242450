namespace ProgressTelemetry.Model;

/// <summary>
/// The numbers of the stall rule. Three times the average interval between completions false-alarms on over 90 % of the clean recorded runs;
/// this rule on about 1 % with history.
/// </summary>
internal static class SilenceConstants
{
    /// <summary>A silence is a stall when it is this many times as long as anything that is known to be normal, by earlier runs too.</summary>
    public const double FactorWithHistory = 2;

    /// <summary>The same when only this run tells what is normal.</summary>
    public const double FactorWithoutHistory = 3;

    /// <summary>Earlier runs looked at, the newest.</summary>
    public const int Profiles = 5;

    /// <summary>
    /// No shorter silence is called a stall, in seconds: it would be over before two scrapes at the usual interval of 15 s have seen it, and
    /// in quick work a garbage collection or a slow disk would be one.
    /// </summary>
    public const double ShortestLimit = 30;

    /// <summary>
    /// Expected duration, in seconds, of a task of which no like has ever ended, in this run or an earlier one. In the recorded runs every false alarm
    /// came from a stage's first task, up to 16 minutes of work in a run that had shown only seconds: nothing before it can tell.
    /// Three times 15 minutes passes them and still reports first work that hangs; who knows better sets a stall timeout.
    /// </summary>
    public const double UnseenTaskSeconds = 15 * 60;

    /// <summary>Or this many times the longest task of the run so far: long runs have long tasks (merging 2,000 s after aligning 700 s each).</summary>
    public const double UnseenTaskGrowth = 2;
}
