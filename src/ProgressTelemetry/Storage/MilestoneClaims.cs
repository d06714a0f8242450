using System.Collections.Concurrent;
using ProgressTelemetry.Model.Changes;
using ProgressTelemetry.Runtime;

namespace ProgressTelemetry.Storage;

/// <summary>Milestones that were reached here, and wait until the store says whose they are to tell.</summary>
internal sealed class MilestoneClaims(TrackerErrors errors, int most)
{
    private readonly ConcurrentQueue<(LiveRun Run, MilestoneStatus Milestone)> _due = new();

    public void Add(LiveRun run, MilestoneStatus milestone)
    {
        if (_due.Count < most)
        {
            _due.Enqueue((run, milestone));
        }
        else
        {
            errors.Add(TrackerErrors.StoreFailed, "milestones wait for the run store, and some more than it will hold were lost");
        }
    }

    /// <summary>Claims each, and tells those that are this process's. One that can't be claimed now still waits.</summary>
    public async Task SettleAsync(Func<LiveRun, RunParticipation, string, Task<bool>> claim)
    {
        while (_due.TryPeek(out var due))
        {
            var isOurs = await claim(due.Run, (RunParticipation)due.Run.Participation!, "milestone " + due.Milestone.Name).ConfigureAwait(false);
            _due.TryDequeue(out _);
            if (isOurs)
            {
                due.Run.Apply(new TellMilestone(due.Milestone));
            }
        }
    }
}
