namespace ProgressTelemetry.Runtime;

/// <summary>One page of runs: goes once over all, keeps no more of them than the page and what is before it, and makes full views of the page's alone.</summary>
internal sealed class RunSelection(RunQuery query, TrackerClock clock)
{
    private const int MostWorkflows = 200;
    private readonly DateTimeOffset _now = clock.ToWall(clock.Now);
    private readonly long _most = (long)query.Skip + query.Take;
    private readonly HashSet<WorkflowState>? _states = query.States?.ToHashSet();

    // The last of those kept so far is on top: among many runs, most are put aside with one comparison.
    private readonly PriorityQueue<IListedRun, (int Class, long Moment, long Number)> _kept = new(Comparer<(int Class, long Moment, long Number)>.Create(static (a, b) => b.CompareTo(a)));
    private readonly SortedSet<string> _workflows = new(StringComparer.Ordinal);
    private string? _lastWorkflow;
    private int _total;
    private int _active;

    /// <summary>The page of a query.</summary>
    /// <param name="registry">This process's runs.</param>
    /// <param name="others">Runs that are not in this process.</param>
    /// <param name="query">Which of them.</param>
    /// <param name="clock">The clock.</param>
    public static RunPage Of(RunRegistry registry, IEnumerable<IListedRun> others, RunQuery query, TrackerClock clock)
    {
        var selection = new RunSelection(query, clock);

        // Ended runs first: a run that ends meanwhile is seen among the live ones.
        var ended = registry.LatelyEnded;
        var known = ended.ToHashSet();
        foreach (var run in ended)
        {
            selection.Consider(run);
        }

        foreach (var run in registry.Live)
        {
            if (!known.Contains(run))
            {
                selection.Consider(run);
            }
        }

        foreach (var run in others)
        {
            selection.Consider(run);
        }

        return selection.ToPage();
    }

    private void Consider(IListedRun run)
    {
        NoteWorkflow(run.Workflow);
        var endedAt = run.EndedAt;
        if (Matches(run, endedAt, out var state))
        {
            _total++;
            _active += endedAt is null ? 1 : 0;
            Keep(run, PlaceOf(run, endedAt, state));
        }
    }

    private void Keep(IListedRun run, (int Class, long Moment, long Number) place)
    {
        if (_kept.Count < _most)
        {
            _kept.Enqueue(run, place);
        }
        else if (_kept.TryPeek(out _, out var last) && place.CompareTo(last) < 0)
        {
            _kept.DequeueEnqueue(run, place);
        }
    }

    private RunPage ToPage()
    {
        var kept = _kept.UnorderedItems.ToArray();
        Array.Sort(kept, static (a, b) => a.Priority.CompareTo(b.Priority));
        return new RunPage([.. kept.Skip(query.Skip).Select(item => item.Element.GetStatus(forecasts: true))], _total, _active, [.. _workflows], _now);
    }

    // Live ones that need somebody first, then the oldest; the ended ones last, the latest first.
    private (int Class, long Moment, long Number) PlaceOf(IListedRun run, DateTimeOffset? endedAt, WorkflowState state)
    {
        if (endedAt is { } end)
        {
            return (4, -end.UtcTicks, -run.Number);
        }

        var late = run.Deadline < _now ? 0 : 1;
        return (state == WorkflowState.Stalled ? late : 2 + late, run.StartedAt.UtcTicks, run.Number);
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

    // What is cheap to ask comes first.
    private bool Matches(IListedRun run, DateTimeOffset? endedAt, out WorkflowState state)
    {
        state = default;
        if ((endedAt is not null && !query.IncludeEnded) || (query.Workflow is not null && run.Workflow != query.Workflow) || (query.Since is { } since && run.StartedAt < since && !(endedAt >= since)))
        {
            return false;
        }

        (state, var hasText) = run.Look(query.Text ?? "");
        return _states?.Contains(state) != false && (hasText || string.IsNullOrEmpty(query.Text) || Has(run.Id) || Has(run.Workflow));
    }

    private bool Has(string text) => text.Contains(query.Text!, StringComparison.OrdinalIgnoreCase);
}
