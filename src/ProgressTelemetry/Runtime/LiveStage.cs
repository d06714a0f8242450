using System.Diagnostics;
using ProgressTelemetry.Model;

namespace ProgressTelemetry.Runtime;

/// <summary>An attempt at a stage as it runs: its part of the model, its own count, its span.</summary>
internal sealed class LiveStage(LiveRun run, StageAttempt attempt)
{
    /// <summary>Not read-only: a struct that changes.</summary>
    private StripedCount _count;
    private object? _span;

    public LiveRun Run { get; } = run;

    public StageAttempt Attempt { get; } = attempt;

    public Stage Stage => Attempt.Stage;

    /// <summary>The public handle.</summary>
    public object? Handle { get; set; }

    public Activity? Activity => Volatile.Read(ref _span) as Activity;

    public int Cells => _count.Cells;

    public long Total => _count.Sum;

    public void SetLimits(long perCell) => _count.SetLimits(perCell);

    /// <summary>Closes the count under the run's lock.</summary>
    public void Close() => _count.Close();

    /// <summary>One or more tasks ended well: no lock, unless somebody has to look.</summary>
    public void Add(long count)
    {
        var added = _count.Add(count);
        if (added != Added.Quietly)
        {
            Look(added);
        }
    }

    /// <summary>The span has started. False when the stage has ended meanwhile: then whoever started it stops it.</summary>
    public bool TrySetSpan(Activity span) => Interlocked.CompareExchange(ref _span, span, null) is null;

    /// <summary>The span, to be stopped; null when it hasn't started, and won't be stopped by anybody but who starts it.</summary>
    public Activity? TakeSpan(object ended) => Interlocked.CompareExchange(ref _span, ended, null) as Activity;

    /// <summary>What was left for whoever starts the span too late.</summary>
    public object? EndedBeforeSpan => Activity is null ? Volatile.Read(ref _span) : null;

    private void Look(Added added)
    {
        switch (added)
        {
            case Added.Closed:
                Run.Ignore(IgnoredReason.Late, "a task", Stage);
                break;
            case Added.Overflow:
                Run.Ignore(IgnoredReason.CountOverflow, "a task", Stage);
                break;
            default:
                Run.Open.Counted();
                break;
        }
    }
}
