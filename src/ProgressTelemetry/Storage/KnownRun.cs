using System.Collections.Immutable;
using ProgressTelemetry.Model;
using ProgressTelemetry.Runtime;

namespace ProgressTelemetry.Storage;

/// <summary>A run as the store tells of it, and when each of its participants was last heard of. It never changes.</summary>
internal sealed class KnownRun : IListedRun
{
    private readonly TrackerClock _clock;
    private readonly Presence _presence;
    private readonly ImmutableDictionary<string, long> _heard;

    public KnownRun(RunShare share, long heard, Presence presence, TrackerClock clock)
        : this(JointRun.Of([share]), ImmutableDictionary.Create<string, long>(StringComparer.Ordinal).Add(share.Participant, heard), presence, clock)
    {
    }

    private KnownRun(JointRun run, ImmutableDictionary<string, long> heard, Presence presence, TrackerClock clock)
    {
        (Run, _heard, _presence, _clock) = (run, heard, presence, clock);
        Heard = heard.Values.Max();
    }

    public JointRun Run { get; }

    /// <summary>When anybody last put a share of it.</summary>
    public long Heard { get; }

    public string Id => Run.RunId;

    public string Workflow => Run.Total.Workflow;

    public DateTimeOffset StartedAt => Run.Total.StartedAt;

    public DateTimeOffset? EndedAt => Run.Total.EndedAt ?? (IsAlive ? null : Run.Total.UpdatedAt);

    public DateTimeOffset? Deadline => Run.Total.Deadline;

    public long Number => 0;

    /// <summary>Whether anybody works on it.</summary>
    public bool IsAlive => Run.Shares.Any(IsPresent);

    public IReadOnlyList<ParticipantStatus> Participants =>
    [
        .. Run.Shares.OrderBy(share => share.JoinedAt).ThenBy(share => share.Participant, StringComparer.Ordinal).Select(share => new ParticipantStatus(
            share.Process,
            share.LeftAt is not null ? ParticipantState.Left : share.Result is null && !Run.IsEnded && !IsPresent(share) ? ParticipantState.Gone : ParticipantState.Present,
            share.JoinedAt,
            _clock.ToWall(LastHeard(share)),
            share.Stages.Sum(stage => stage.DoneTasks))),
    ];

    /// <summary>What is known of it with one share more.</summary>
    public KnownRun With(RunShare share, long heard)
    {
        if (share.Generation < Run.Generation)
        {
            return this;
        }

        if (share.Generation > Run.Generation)
        {
            return new KnownRun(share, heard, _presence, _clock);
        }

        var latest = _heard.TryGetValue(share.Participant, out var before) ? Math.Max(before, heard) : heard;
        return new KnownRun(Run.Merge(JointRun.Of([share])), _heard.SetItem(share.Participant, latest), _presence, _clock);
    }

    /// <summary>Whether the participant is there: it has not left, and was heard of lately.</summary>
    public bool IsPresent(RunShare share) => share.LeftAt is null && share.Result is null && !_presence.IsLate(LastHeard(share));

    /// <summary>The shares, those of participants that have gone as of ones that left: they are at none of its stages.</summary>
    public IEnumerable<RunShare> Present() => Run.Shares.Select(share => share.LeftAt is null && share.Result is null && !IsPresent(share) ? share with { LeftAt = share.UpdatedAt } : share);

    public JointView ToView() => new(JointRun.Of(Present()).Total, _clock.ToWall(_clock.Now), IsAlive, Participants);

    public (WorkflowState State, bool HasText) Look(string text)
    {
        var total = Run.Total;
        var isOver = total.Result is not null || !IsAlive;
        var state = total.Result?.ToState() ?? (isOver ? WorkflowState.Abandoned : total.State);
        return (state, text.Length > 0 && !isOver && total.Stages.Any(stage => stage.IsActive && stage.Name.Contains(text, StringComparison.OrdinalIgnoreCase)));
    }

    public WorkflowStatus GetStatus(bool forecasts) => ToView().Status;

    private long LastHeard(RunShare share) => _presence.LastHeard(share, _heard[share.Participant]);
}
