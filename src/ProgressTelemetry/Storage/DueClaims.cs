using System.Collections.Concurrent;
using System.Globalization;
using ProgressTelemetry.Model;
using ProgressTelemetry.Model.Changes;
using ProgressTelemetry.Runtime;

namespace ProgressTelemetry.Storage;

/// <summary>What came to pass here and is to be told once over all processes: it waits until the store says whose it is to tell.</summary>
internal sealed class DueClaims(LimitedStore store, RunServices services, int most)
{
    private readonly ConcurrentQueue<(LiveRun Run, Effect Effect, long Since)> _due = new();

    public void Add(LiveRun run, in Effect effect)
    {
        if (_due.Count < most)
        {
            _due.Enqueue((run, effect, services.Clock.Now));
        }
        else
        {
            services.Errors.Add(TrackerErrors.StoreFailed, "more waits for the run store before it is told than will be held: some of it was lost");
        }
    }

    /// <summary>Claims each, and tells those that are this process's. One that can't be claimed now still waits.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        while (_due.TryPeek(out var due))
        {
            var isOurs = await store.TryClaimAsync(due.Run, NameOf(due.Effect), lease: null, cancellationToken).ConfigureAwait(false);
            _due.TryDequeue(out _);
            if (isOurs)
            {
                due.Run.Apply(new TellDue(due.Effect));
            }
        }
    }

    /// <summary>The store is gone: what waits for longer than others are heard of is told by each process for itself, which is better than by none. Milestones aren't lost: whoever goes on with the run claims them.</summary>
    public void TellWithoutStore()
    {
        for (var left = _due.Count; left > 0 && _due.TryDequeue(out var due); left--)
        {
            if (due.Effect.Due == EffectKind.MilestoneReached || services.Clock.Seconds(due.Since, services.Clock.Now) <= Presence.AliveFor)
            {
                _due.Enqueue(due);
            }
            else
            {
                due.Run.Apply(new TellDue(due.Effect));
            }
        }
    }

    // The same in every process: a stall is known by the last progress before it.
    private static string NameOf(in Effect effect) => effect.Due switch
    {
        EffectKind.MilestoneReached => "milestone " + effect.Milestone!.Name,
        EffectKind.RunEndTold => "end",
        EffectKind.ForecastLate => "late forecast",
        EffectKind.DeadlineMissed => "missed deadline",
        EffectKind.Resumed => "resumption " + Moment(effect),
        _ => "stall " + Moment(effect),
    };

    private static string Moment(in Effect effect) => effect.Wall.UtcTicks.ToString(CultureInfo.InvariantCulture);
}
