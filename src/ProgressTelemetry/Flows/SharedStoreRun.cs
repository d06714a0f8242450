using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ProgressTelemetry.Flows;

/// <summary>The run of one shared store.</summary>
[SuppressMessage("Design", "MA0055", Justification = "the end of the store is what ends an abandoned run")]
internal sealed class SharedStoreRun(ProgressTracker tracker, WorkflowRun run, IDictionary<string, object?> shared)
{
    /// <summary>A count that grows by more between two nodes is an odd value, not that many revisions.</summary>
    private const long MostRevisionsAtOnce = 100;
    private const string MetricsKey = "progress_metrics";
    private readonly Lock _gate = new();
    private readonly Dictionary<string, object?> _metrics = new(StringComparer.Ordinal);
    private WorkflowStage? _stage;
    private FlowPosition? _position;
    private long _revisions;

    /// <summary>A flow that threw left its run open. Once its store is garbage, nothing can move the run on: it is abandoned, but not here, where listeners would hold up all other finalizers.</summary>
    ~SharedStoreRun()
    {
        if (!run.IsEnded)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static left => left.Abandon(), this, preferLocal: false);
        }
    }

    public WorkflowRun Run => run;

    public WorkflowStage? Stage => _stage is { IsEnded: false } stage ? stage : null;

    public void MoveTo(FlowPosition position)
    {
        lock (_gate)
        {
            if (ResultOf(position.Stage) is { } result)
            {
                Finish(position, result, result == WorkflowResult.Success ? null : position.Stage);
                return;
            }

            if (Stage is null || _stage!.Name != position.Stage)
            {
                var goesBack = _metrics.TryGetValue(position.Stage, out var known);
                Leave(position, WorkflowResult.Success, takesRevisions: !goesBack);
                _stage = run.StartStage(position.Stage);
                _metrics[position.Stage] = goesBack
                    ? Reopened((Dictionary<string, object?>)known!)
                    : new Dictionary<string, object?>(StringComparer.Ordinal) { ["start_time"] = Now() };
            }

            Update(position, takesRevisions: true);
            Write();
        }
    }

    public void End(WorkflowResult result, string? errorType)
    {
        lock (_gate)
        {
            Finish(_position, result, errorType);
        }
    }

    /// <summary>The result that a flow's last stage stands for; null for all others.</summary>
    public static WorkflowResult? ResultOf(string stage) => stage switch
    {
        "completed" or "done" => WorkflowResult.Success,
        "failed" => WorkflowResult.Failure,
        "cancelled" => WorkflowResult.Cancellation,
        _ => null,
    };

    private static Dictionary<string, object?> Reopened(Dictionary<string, object?> metrics)
    {
        metrics.Remove("end_time");
        return metrics;
    }

    [SuppressMessage("Usage", "CA1816", Justification = "the run's end leaves the finalizer nothing to do")]
    private void Finish(FlowPosition? position, WorkflowResult result, string? errorType)
    {
        Leave(position, result, takesRevisions: true);
        run.End(result, errorType);
        GC.SuppressFinalize(this);
        Write();
    }

    private void Abandon()
    {
        try
        {
            run.Dispose();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // There is no caller, and an exception here would end the process.
            tracker.StoreFailed($"run '{run.Id}' could not be abandoned", e);
        }
    }

    private void Leave(FlowPosition? position, WorkflowResult result, bool takesRevisions)
    {
        if (Stage is not { } stage)
        {
            return;
        }

        // What the store tells when the flow moves on is of the stage that is left; but a revision is of the stage that the flow goes back to.
        if (position is not null)
        {
            Update(position, takesRevisions);
        }

        var platforms = (position ?? _position)?.Platforms ?? [];
        if (platforms.Count > 0)
        {
            stage.RecordItems("platform", platforms.Count);
        }

        stage.End(result);
        var metrics = Metrics(stage.Name);
        metrics["end_time"] = Now();
        metrics["completed"] = result == WorkflowResult.Success;
    }

    private void Update(FlowPosition position, bool takesRevisions)
    {
        var metrics = Metrics(_stage!.Name);
        if (takesRevisions)
        {
            // The store counts from its beginning; the tracker hears of each new revision.
            var added = Math.Clamp(position.Revisions - _revisions, 0, MostRevisionsAtOnce);
            _revisions = Math.Max(_revisions, position.Revisions);
            for (var i = 0; i < added; i++)
            {
                _stage.RecordRevision("quality control", position.Version);
            }

            metrics["revisions"] = (metrics.GetValueOrDefault("revisions") as long? ?? 0) + added;
        }

        _position = position;
        metrics["platforms"] = position.Platforms;
        metrics.TryAdd("revisions", 0L);
        metrics["completed"] = false;
    }

    private Dictionary<string, object?> Metrics(string stage) => (Dictionary<string, object?>)_metrics[stage]!;

    private void Write()
    {
        try
        {
            shared[MetricsKey] = Copy();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            tracker.StoreFailed($"'{MetricsKey}' of run '{run.Id}' could not be written", e);
        }
    }

    private Dictionary<string, object?> Copy() => _metrics.ToDictionary(m => m.Key, m => (object?)new Dictionary<string, object?>((Dictionary<string, object?>)m.Value!, StringComparer.Ordinal), StringComparer.Ordinal);

    private string Now() => tracker.UtcNow.ToString("O", CultureInfo.InvariantCulture);
}
