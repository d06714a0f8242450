using ProgressTelemetry.Runtime;

namespace ProgressTelemetry.Storage;

/// <summary>
/// One process publishes the series of a run that several work on. It has them by a lease, which it renews; when it is no more, another has them a few seconds later. A store that can't be asked changes nothing: whoever
/// publishes goes on with it.
/// </summary>
internal sealed class SeriesLeases(LimitedStore store, TrackerClock clock, RunRegistry registry)
{
    /// <summary>How long a process that is no more has them still, s: together with <see cref="Renewal"/>, less than two scrapes of the usual five seconds.</summary>
    private const double Lease = 5;

    /// <summary>How often it is asked for, s.</summary>
    private const double Renewal = 2;

    private const string What = "series";

    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        foreach (var run in registry.Live)
        {
            if (run.Model.HasOthers && run.Participation is RunParticipation own && (own.LeaseAsked is not { } asked || clock.Seconds(asked, clock.Now) >= Renewal))
            {
                run.IsPublished = await store.TryClaimAsync(run, What, TimeSpan.FromSeconds(Lease), cancellationToken).ConfigureAwait(false);
                own.LeaseAsked = clock.Now;
            }
        }
    }
}
