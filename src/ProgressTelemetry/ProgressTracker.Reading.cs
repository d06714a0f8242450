using ProgressTelemetry.Reporting;
using ProgressTelemetry.Tracking;

namespace ProgressTelemetry;

/// <content>Reading: changes nothing, and calls no code of the application.</content>
public sealed partial class ProgressTracker : IRunReader
{
    private const int MostWorkflows = 200;

    /// <summary>When the tracker's timer last looked at all runs, on the tracker's clock; it does every second. An old one says that nobody notices stalls and deadlines any more.</summary>
    public DateTimeOffset LastHeartbeat => Clock.ToWall(LastTick);

    /// <inheritdoc/>
    public RunPage List(RunQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var now = Clock.Now;
        var selection = new Selection(this, query, now);

        // Ended runs first: a run that ends meanwhile is seen among the live ones, and told from those by its result.
        var ended = _ended.Latest();
        var known = ended.ToHashSet();
        foreach (var run in ended)
        {
            selection.Consider(run);
        }

        foreach (var pair in _live)
        {
            if (!known.Contains(pair.Value))
            {
                selection.Consider(pair.Value);
            }
        }

        return selection.ToPage();
    }

    /// <inheritdoc/>
    public WorkflowStatus? GetStatus(string runId)
    {
        ArgumentNullException.ThrowIfNull(runId);
        return Find(runId)?.Peek(Clock.Now);
    }

    /// <inheritdoc/>
    public ProgressReport? GetReport(string runId)
    {
        ArgumentNullException.ThrowIfNull(runId);
        return Find(runId) is { } run ? ReportAnalysis.Of(RunFacts.Of(run, Clock.Now)) : null;
    }

    /// <summary>Goes once over all runs and keeps no more of them than the page and what is before it; only the page's become full views.</summary>
    private sealed class Selection(ProgressTracker tracker, RunQuery query, long now)
    {
        private readonly long _most = (long)query.Skip + query.Take;
        private readonly HashSet<WorkflowState>? _states = query.States?.ToHashSet();

        // The last of those kept so far is on top: among many runs, most are put aside with one comparison.
        private readonly PriorityQueue<RunState, (int Class, long End, long Number)> _kept = new(Comparer<(int Class, long End, long Number)>.Create(static (a, b) => b.CompareTo(a)));
        private readonly SortedSet<string> _workflows = new(StringComparer.Ordinal);
        private string? _lastWorkflow;
        private int _total;
        private int _active;

        public void Consider(RunState run)
        {
            NoteWorkflow(run.Workflow);
            if (!Matches(run))
            {
                return;
            }

            _total++;
            _active += run.IsEnded ? 0 : 1;
            var place = PlaceOf(run);
            if (_kept.Count < _most)
            {
                _kept.Enqueue(run, place);
            }
            else if (_kept.TryPeek(out _, out var last) && place.CompareTo(last) < 0)
            {
                _kept.DequeueEnqueue(run, place);
            }
        }

        public RunPage ToPage()
        {
            var runs = new List<WorkflowStatus>();
            if (_kept.Count > query.Skip)
            {
                var kept = _kept.UnorderedItems.ToArray();
                Array.Sort(kept, static (a, b) => a.Priority.CompareTo(b.Priority));
                runs.AddRange(kept.Skip(query.Skip).Select(item => item.Element.Peek(now)));
            }

            return new RunPage(runs, _total, _active, [.. _workflows], tracker.Clock.ToWall(now));
        }

        private (int Class, long End, long Number) PlaceOf(RunState run)
        {
            if (run.IsEnded)
            {
                return (4, -run.EndedAt!.Value, -run.Number);
            }

            var late = run.IsPastDeadline(now) ? 0 : 1;
            return (run.IsStalled ? late : 2 + late, 0, run.Number);
        }

        private void NoteWorkflow(string workflow)
        {
            if (ReferenceEquals(workflow, _lastWorkflow))
            {
                return;
            }

            _lastWorkflow = workflow;
            if (_workflows.Count < MostWorkflows || string.CompareOrdinal(workflow, _workflows.Max) < 0)
            {
                _workflows.Add(workflow);
                if (_workflows.Count > MostWorkflows)
                {
                    _workflows.Remove(_workflows.Max!);
                }
            }
        }

        // What is cheap to ask comes first; the last two need the run's lock.
        private bool Matches(RunState run) =>
            (query.IncludeEnded || !run.IsEnded)
            && (query.Workflow is null || run.Workflow == query.Workflow)
            && IsSince(run)
            && HasState(run)
            && HasText(run);

        private bool IsSince(RunState run) =>
            query.Since is not { } since
            || tracker.Clock.ToWall(run.StartedAt) >= since
            || run.Final?.EndedAt >= since;

        private bool HasState(RunState run)
        {
            if (_states is null)
            {
                return true;
            }

            lock (run.Gate)
            {
                return _states.Contains(run.State);
            }
        }

        private bool HasText(RunState run)
        {
            if (string.IsNullOrEmpty(query.Text) || Has(run.Id) || Has(run.Workflow))
            {
                return true;
            }

            lock (run.Gate)
            {
                for (var i = 0; i < run.StageCount; i++)
                {
                    if (run.Stages[i] is { IsActive: true } stage && Has(stage.Name))
                    {
                        return true;
                    }
                }

                return false;
            }
        }

        private bool Has(string text) => text.Contains(query.Text!, StringComparison.OrdinalIgnoreCase);
    }
}
