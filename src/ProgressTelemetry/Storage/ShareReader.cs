using ProgressTelemetry.Estimation;
using ProgressTelemetry.Model;
using ProgressTelemetry.Model.Changes;
using ProgressTelemetry.Runtime;

namespace ProgressTelemetry.Storage;

/// <summary>Reads what has changed in the store, and lets the live runs hear what others do for them.</summary>
/// <param name="store">The store.</param>
/// <param name="services">What runs share.</param>
/// <param name="registry">The live runs.</param>
/// <param name="learn">Told of the profiles of runs that ended well elsewhere, the oldest first.</param>
internal sealed class ShareReader(LimitedStore store, RunServices services, RunRegistry registry, Action<string, RunProfile> learn)
{
    private const int Batch = 500;
    private string? _cursor;

    public KnownRuns Known { get; } = new(services.Clock);

    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        var ended = new HashSet<string>(StringComparer.Ordinal);
        for (var isAll = false; !isAll;)
        {
            var changes = await store.GetChangesAsync(_cursor, Batch, cancellationToken).ConfigureAwait(false);
            foreach (var stored in changes.Shares)
            {
                if (stored is { Share.IsValid: true })
                {
                    Known.Add(stored.Share, stored.Age);
                    if (stored.Share.Result == WorkflowResult.Success)
                    {
                        ended.Add(stored.Share.RunId);
                    }
                }
                else
                {
                    services.Errors.Add(TrackerErrors.StoreFailed, "a share in the run store is incomplete or out of range");
                }
            }

            (_cursor, isAll) = (changes.Cursor, changes.IsAll);
        }

        Learn(ended);
        Known.Prune(services.Settings.EndedRunRetention);
    }

    // What ended here is known better: its course too.
    private void Learn(HashSet<string> ended)
    {
        foreach (var run in ended.Where(id => registry.Find(id) is null).Select(Known.Find).OfType<KnownRun>().OrderBy(run => run.EndedAt))
        {
            if (run.Run.Total.Result == WorkflowResult.Success)
            {
                var view = run.ToView();
                learn(run.Workflow, ProfileMaker.Of(view.Model, view.Total.RanSeconds, view.Total.Version));
            }
        }
    }

    /// <summary>Live runs hear of those that work on them too, and of their end. Nothing of the store is asked for it.</summary>
    public void HearOfOthers()
    {
        foreach (var run in registry.Live)
        {
            if (run.Participation is RunParticipation { Generation: not null } own && Known.Find(run.Id) is { } known)
            {
                Hear(run, own, known);
            }
        }
    }

    private static void Hear(LiveRun run, RunParticipation own, KnownRun known)
    {
        if (known.Run.Generation > own.Generation)
        {
            // It has ended elsewhere, and its id was used again, before that was heard of here.
            Ended(run, own, WorkflowResult.Abandoned, null);
            return;
        }

        RunShare[] others = [.. known.Present().Where(share => share.Participant != own.Participant)];
        RunShare[] present = [.. others.Where(share => share is { LeftAt: null, Result: null })];
        var heard = (others.Sum(share => share.Sequence), present.Length);
        if (others.Length == 0 || heard == own.Heard)
        {
            return;
        }

        var after = OthersShare.Of(others, run.Read((live, now) => ShareMaker.Of(live, own, now)));
        if (run.Apply(new HearOfOthers(own.Others, after, OthersShare.ActivityOf(present))))
        {
            (own.Others, own.Heard) = (after, heard);
            if (present.Length == 0)
            {
                (own.LeaseAsked, run.IsPublished) = (null, true);
            }
        }

        if (others.Where(share => share.Result is not null).MinBy(share => share.EndedAt) is { } end)
        {
            Ended(run, own, end.Result!.Value, end.ErrorType);
        }
    }

    private static void Ended(LiveRun run, RunParticipation own, WorkflowResult result, string? errorType)
    {
        own.HasLeft = true;
        run.Outcome.End(result, errorType, isDispose: true, ending: RunEnding.Heard);
    }
}
