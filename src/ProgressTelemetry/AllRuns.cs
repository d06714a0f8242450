using ProgressTelemetry.Reporting;
using ProgressTelemetry.Runtime;
using ProgressTelemetry.Storage;

namespace ProgressTelemetry;

/// <summary>The runs that a tracker can tell of: this process's own and, with a store, those of others that it heard of.</summary>
internal sealed class AllRuns(RunRegistry registry, StorePump? store, TrackerClock clock)
{
    public IReadOnlyList<WorkflowStatus> Active()
    {
        var own = registry.Live.OrderBy(run => run.Number).Select(run => run.GetStatus(forecasts: true));
        var others = OfOthers().Where(run => run.EndedAt is null).OrderBy(run => run.StartedAt).Select(run => run.GetStatus(forecasts: true));

        // One may have ended since it was listed.
        return [.. own.Concat(others).Where(status => status.Result is null)];
    }

    public IReadOnlyList<WorkflowStatus> RecentlyEnded()
    {
        var own = registry.LatelyEnded.Select(run => run.Final!);
        var others = OfOthers().Where(run => run.EndedAt is not null).OrderByDescending(run => run.EndedAt).Select(run => run.GetStatus(forecasts: false));
        return [.. own.Concat(others).Take(TrackerSettings.MostSeries)];
    }

    public RunPage Select(RunQuery query) => RunSelection.Of(registry, OfOthers(), query, clock);

    public WorkflowStatus? Status(string runId) => registry.Find(runId) is { } run ? run.GetStatus(forecasts: true) : store?.Known.Find(runId)?.GetStatus(forecasts: true);

    /// <summary>As <see cref="Status"/>, from the store where this process doesn't follow all runs.</summary>
    public async Task<WorkflowStatus?> StatusAsync(string runId, CancellationToken cancellationToken)
    {
        if (store is not null && registry.Find(runId) is null)
        {
            await store.LookUpAsync(runId, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return Status(runId);
    }

    public ProgressReport? Report(string runId) =>
        registry.Find(runId) is { } run ? WorkflowRun.Of(run).GetReport()
        : store?.Known.Find(runId) is { } known ? ReportAnalysis.Of(RunReader.Facts(known.ToView()))
        : null;

    private IEnumerable<KnownRun> OfOthers() => store?.Known.All.Where(known => registry.Find(known.Id) is null) ?? [];
}
