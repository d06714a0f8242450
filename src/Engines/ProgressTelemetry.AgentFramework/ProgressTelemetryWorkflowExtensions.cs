using System.Runtime.CompilerServices;
using ProgressTelemetry;
using ProgressTelemetry.AgentFramework;

namespace Microsoft.Agents.AI.Workflows;

/// <summary>Follows workflows of agents.</summary>
public static class ProgressTelemetryWorkflowExtensions
{
    /// <summary>
    /// Passes a workflow's events on as they are, and tracks the run that they tell of: its executors are stages, planned from the workflow's graph; a request to somebody outside is a wait; work that comes round a loop is a revision.
    /// </summary>
    /// <remarks>
    /// A run's events can be read once: so this is put around the reading that is there. The run starts with the reading and ends when the events end; while requests are unanswered then, the run goes on waiting, and the next
    /// reading with the same run id goes on with it. What fails in the tracking is counted in <c>progress.tracker.errors</c>, and changes nothing here.
    /// </remarks>
    /// <param name="events">The events: <c>run.WatchStreamAsync()</c>.</param>
    /// <param name="tracker">What tracks the run.</param>
    /// <param name="workflow">The workflow that runs; one without a name goes by its first executor.</param>
    /// <param name="runId">The run's id: <c>run.SessionId</c>.</param>
    /// <returns>The same events.</returns>
    public static IAsyncEnumerable<WorkflowEvent> TrackProgress(this IAsyncEnumerable<WorkflowEvent> events, ProgressTracker tracker, Workflow workflow, string runId)
    {
        ArgumentNullException.ThrowIfNull(runId);
        return events.TrackProgress(tracker, workflow, new WorkflowRunOptions { RunId = runId, HasSpans = false });
    }

    /// <summary>As <see cref="TrackProgress(IAsyncEnumerable{WorkflowEvent}, ProgressTracker, Workflow, string)"/>, with more said of the run.</summary>
    /// <param name="events">The events: <c>run.WatchStreamAsync()</c>.</param>
    /// <param name="tracker">What tracks the run.</param>
    /// <param name="workflow">The workflow that runs.</param>
    /// <param name="options">What is known of the run; its <see cref="WorkflowRunOptions.ParentStage"/> is the <see cref="WorkflowStage.Current"/> one unless it says otherwise. <c>HasSpans = false</c> suits a workflow that was built with <c>WithOpenTelemetry()</c>.</param>
    /// <returns>The same events.</returns>
    public static IAsyncEnumerable<WorkflowEvent> TrackProgress(this IAsyncEnumerable<WorkflowEvent> events, ProgressTracker tracker, Workflow workflow, WorkflowRunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(tracker);
        ArgumentNullException.ThrowIfNull(workflow);
        options ??= new WorkflowRunOptions();
        options.ParentStage ??= WorkflowStage.Current;
        return Track(events, tracker, workflow, options);
    }

    private static async IAsyncEnumerable<WorkflowEvent> Track(
        IAsyncEnumerable<WorkflowEvent> events,
        ProgressTracker tracker,
        Workflow workflow,
        WorkflowRunOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        AgentRun? run = null;
        Guard(() => run = AgentRuns.Of(tracker).Start(tracker, workflow, options));
        var isRead = false;
        Exception? broken = null;
        var reading = events.GetAsyncEnumerator(cancellationToken);
        try
        {
            while (await NextAsync().ConfigureAwait(false))
            {
                Guard(() => run?.Take(reading.Current));
                yield return reading.Current;
            }

            isRead = true;
        }
        finally
        {
            Guard(() => End(run));
            await reading.DisposeAsync().ConfigureAwait(false);
        }

        async ValueTask<bool> NextAsync()
        {
            try
            {
                return await reading.MoveNextAsync().ConfigureAwait(false);
            }
            catch (Exception e)
            {
                broken = e;
                throw;
            }
        }

        void End(AgentRun? of)
        {
            if (broken is not null)
            {
                of?.Fail(broken);
            }
            else if (of is { Waits: true } && options.RunId is { } id)
            {
                AgentRuns.Of(tracker).Keep(id, of);
            }
            else if (isRead)
            {
                of?.End();
            }
            else
            {
                of?.Abandon();
            }
        }

        void Guard(Action track)
        {
            try
            {
                track();
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                tracker.AdapterFailed("Agent Framework", e);
            }
        }
    }
}
