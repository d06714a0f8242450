using ProgressTelemetry.Model;

namespace ProgressTelemetry.Runtime;

/// <summary>What all runs of a tracker share.</summary>
internal sealed class RunServices(TrackerSettings settings, TrackerClock clock, TrackerErrors errors)
{
    public TrackerSettings Settings { get; } = settings;

    public TrackerClock Clock { get; } = clock;

    public RunningTime Running { get; } = new(clock);

    public TrackerErrors Errors { get; } = errors;

    public required ISpans Spans { get; init; }

    /// <summary>Those that effects are handed to, in this order.</summary>
    public IReadOnlyList<IEffectSink> Sinks { get; set; } = [];

    /// <summary>Whether a listener hears of tasks.</summary>
    public Func<bool> TasksAreHeard { get; set; } = () => false;

    /// <summary>Makes this process's part in a run that starts; null where runs are not stored.</summary>
    public Func<LiveRun, object?> Join { get; set; } = _ => null;

    /// <summary>Who works on a run; nobody is known where runs are not stored.</summary>
    public Func<string, IReadOnlyList<ParticipantStatus>> Participants { get; set; } = _ => [];

    /// <summary>Told of a run's end under its lock, before anybody else.</summary>
    public Action<LiveRun> Ended { get; set; } = _ => { };

    /// <summary>Counts each effect, under the run's lock: our own books alone, nothing of the user's.</summary>
    public Action<LiveRun, Effect> Count { get; set; } = (_, _) => { };

    /// <summary>Told of each timed task.</summary>
    public Action<LiveRun, Stage, WorkflowResult, double> TaskEnded { get; set; } = (_, _, _, _) => { };

    private int _recorded;

    /// <summary>Whether one more live run may record its course.</summary>
    public bool TryRecord()
    {
        if (Interlocked.Increment(ref _recorded) <= RunTimeline.MostRuns)
        {
            return true;
        }

        Interlocked.Decrement(ref _recorded);
        return false;
    }

    /// <summary>A run that recorded its course has ended.</summary>
    public void Recorded() => Interlocked.Decrement(ref _recorded);

    public void Ignored(LiveRun run, in Effect effect)
    {
        var kind = effect.Ignored == IgnoredReason.Late ? TrackerErrors.LateUpdate : TrackerErrors.CountOverflow;
        var where = effect.Stage is { } stage ? $" of stage '{stage.Name}'" : "";
        if (effect.Ignored == IgnoredReason.Late)
        {
            Errors.Add(kind, $"{effect.Text}{where} of run '{run.Id}' came too late");
        }
        else
        {
            Errors.Add(kind, $"{effect.Text}{where} of run '{run.Id}': a count would pass 2^53");
        }
    }
}
