namespace ProgressTelemetry.Model;

/// <summary>
/// What became of a stage's tasks. What counts as what: a task that succeeded, failed, or timed out is done and is evidence of the stage's pace; a skipped one is done, but tells nothing of pace; one that was cut off
/// (cancelled, abandoned) is counted by its result and isn't done; a reported fraction is a part of the work done.
/// </summary>
internal sealed class StageCounts
{
    private ResultTally _ended;
    private long[]? _mayBeRetried;

    /// <summary>Tasks done, never fewer than before.</summary>
    public long Done { get; private set; }

    /// <summary>Of those, the ones that were timed.</summary>
    public long Timed { get; private set; }

    /// <summary>Of those, the ones that were merely counted; without those that a reported fraction stands for.</summary>
    public long Counted { get; private set; }

    public long Skipped => _ended[(int)WorkflowResult.Skip];

    public long Failed => _ended[(int)WorkflowResult.Failure] + _ended[(int)WorkflowResult.Error] + _ended[(int)WorkflowResult.Timeout];

    /// <summary>Attempts at tasks that failed and were, or may be, followed by another.</summary>
    public long FailedAttempts { get; private set; }

    /// <summary>Whole tasks that only a reported fraction tells of.</summary>
    public long FromFraction { get; private set; }

    /// <summary>The largest fraction of the stage that was reported, 0 to 1.</summary>
    public double Fraction { get; private set; }

    /// <summary>Completion of running identified tasks, in tasks.</summary>
    public double Partial { get; private set; }

    /// <summary>The most work that <see cref="Work"/> found done, in tasks, however many are expected now.</summary>
    public double MostWork { get; private set; }

    /// <summary>Work that was merely counted or reported, in tasks: what the time that a stage was open is divided by.</summary>
    public double CountedWork { get; private set; }

    /// <summary>Whether nothing has told of any task or part of one.</summary>
    public bool IsEmpty => Done == 0 && Fraction <= 0 && Partial <= 0;

    /// <summary>Duration of the timed tasks that are done, s.</summary>
    public double TimedSeconds { get; private set; }

    /// <summary>The same without what was lost to stalls: the pace.</summary>
    public double WorkSeconds { get; private set; }

    /// <summary>The longest of them, s, without what was lost to stalls.</summary>
    public double LongestSeconds { get; private set; }

    /// <summary>Tasks that ended, by result, as counters may count them: a failed task that may still be tried again isn't among them yet.</summary>
    public long Final(WorkflowResult result) => _ended[(int)result] - (_mayBeRetried?[(int)result] ?? 0);

    public void AddCounted(WorkflowResult result, long count)
    {
        Counted += count;
        Add(result, count);
        CountedWork = Math.Max(CountedWork, Counted + FromFraction);
    }

    public void AddTimed(WorkflowResult result, double seconds, double lost, bool isRetried)
    {
        if (result.IsWork())
        {
            Timed++;
            var work = Math.Max(0, seconds - lost);
            TimedSeconds += seconds;
            WorkSeconds += work;
            LongestSeconds = Math.Max(LongestSeconds, work);
        }

        Add(result, 1, isRetried);
    }

    /// <summary>Tasks ended whose time is unknown: skipped ones, and those that an update told of.</summary>
    /// <param name="result">How.</param>
    /// <param name="count">How many.</param>
    /// <param name="isRetried">Whether the task had ended before, and counts already.</param>
    public void Add(WorkflowResult result, long count, bool isRetried = false)
    {
        _ended[(int)result] += count;
        if (isRetried || result.IsCutOff())
        {
            return;
        }

        // A fraction and counted tasks of one stage are one fact, told twice.
        var known = result == WorkflowResult.Success ? Math.Min(FromFraction, count) : 0;
        FromFraction -= known;
        _ended[(int)WorkflowResult.Success] -= known;
        Done += count - known;
    }

    /// <summary>A fraction of the stage, of so many tasks, is done.</summary>
    public bool Report(double fraction, long expected)
    {
        if (fraction <= Fraction)
        {
            return false;
        }

        Fraction = fraction;
        var work = fraction * expected;
        var whole = Math.Min((long)work, expected);
        if (expected > 1 && whole > Done)
        {
            _ended[(int)WorkflowResult.Success] += whole - Done;
            FromFraction += whole - Done;
            Done = whole;
        }

        CountedWork = Math.Max(CountedWork, work);
        return true;
    }

    public void AddPartial(double tasks) => Partial = Math.Max(0, Partial + tasks);

    /// <summary>
    /// What is done of so many tasks (null while unknown), parts of tasks included; never less than before, unless fewer are expected: a part that was done and came to nothing (a task that was cut off, or is tried again)
    /// shows in how long the rest takes, not as progress that runs backwards.
    /// </summary>
    public double Work(long? expected)
    {
        MostWork = Math.Max(MostWork, Math.Max(Math.Max(Done, Done - FromFraction + Partial), expected is { } all ? Math.Min(Fraction * all, all) : 0));
        return expected is { } tasks ? Math.Min(tasks, MostWork) : MostWork;
    }

    /// <summary>An attempt at a task failed; it is no finished task.</summary>
    public void FailAttempt() => FailedAttempts++;

    /// <summary>A task with an id ended badly: it may be tried again while its stage is open.</summary>
    public void MayBeRetried(WorkflowResult result)
    {
        (_mayBeRetried ??= new long[ResultTally.Size])[(int)result]++;
        FailedAttempts++;
    }

    /// <summary>Such a task is tried again: its last result will be what counts.</summary>
    public void Retry(WorkflowResult result)
    {
        (_mayBeRetried ??= new long[ResultTally.Size])[(int)result]--;
        _ended[(int)result]--;
    }

    /// <summary>Others have done more, or less, than <paramref name="before"/>. Returns whether they have.</summary>
    public bool Hear(StageShare before, StageShare others)
    {
        var moved = others.DoneTasks != before.DoneTasks || others.CountedWork > before.CountedWork || others.FailedAttempts != before.FailedAttempts || others.Fraction > Fraction;
        for (var i = 0; i < ResultTally.Size; i++)
        {
            var more = others.Ended((WorkflowResult)i) - before.Ended((WorkflowResult)i);
            moved |= more != 0;
            _ended[i] += more;
        }

        Done += others.DoneTasks - before.DoneTasks;
        Timed += others.TimedTasks - before.TimedTasks;
        Counted += others.CountedTasks - before.CountedTasks;
        FromFraction += others.FractionTasks - before.FractionTasks;
        FailedAttempts += others.FailedAttempts - before.FailedAttempts;
        TimedSeconds += others.TimedSeconds - before.TimedSeconds;
        WorkSeconds += others.WorkSeconds - before.WorkSeconds;
        CountedWork += others.CountedWork - before.CountedWork;
        (LongestSeconds, Fraction) = (Math.Max(LongestSeconds, others.LongestSeconds), Math.Max(Fraction, others.Fraction));
        return moved;
    }

    /// <summary>The run has succeeded: parts of tasks that nobody ended were not needed.</summary>
    public void ForgetParts() => (Partial, MostWork) = (0, Done);

    /// <summary>Nothing can be tried again any more: what failed has failed.</summary>
    public void Settle() => _mayBeRetried = null;
}
