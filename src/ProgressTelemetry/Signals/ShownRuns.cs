using System.Collections.Concurrent;
using System.Collections.Immutable;
using ProgressTelemetry.Model;
using ProgressTelemetry.Runtime;
using static ProgressTelemetry.Signals.SignalNames;

namespace ProgressTelemetry.Signals;

/// <summary>
/// Chooses, on the tracker's timer, which runs have series of their own: those most worth looking at (stalled, past their deadline, longest running), the newest ones, then the latest ended ones, within a budget of label
/// sets for an instrument. Collections read the latest choice.
/// </summary>
internal sealed class ShownRuns : IEffectSink, IDisposable
{
    /// <summary>The estimate has three label sets: expected, low, high.</summary>
    private const int EstimateWeight = 3;

    /// <summary>The part of the budget that is kept for the newest runs: however many are stuck, a new one is seen.</summary>
    private const double ForNewest = .25;

    /// <summary>A smaller budget goes to those most worth looking at alone.</summary>
    private const int LeastToShare = 100;

    /// <summary>So many new runs and stages are shown by one who starts one.</summary>
    private const int MostAtOnce = 16;

    private readonly RunServices _services;
    private readonly RunRegistry _registry;
    private readonly DefinitionTable _definitions;
    private readonly Lock _gate = new();
    private readonly MeterGenerations[] _groups;
    private readonly HashSet<ShownRun> _members = [];
    private readonly Dictionary<string, ShownRun> _shown = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<LiveRun> _new = new();
    private IReadOnlyDictionary<WorkflowDefinition, long> _live = ImmutableDictionary<WorkflowDefinition, long>.Empty;
    private IReadOnlyDictionary<WorkflowDefinition, long> _elsewhere = ImmutableDictionary<WorkflowDefinition, long>.Empty;
    private int _used;
    private int _made;
    private bool _isDisposed;

    public ShownRuns(RunServices services, RunRegistry registry, DefinitionTable definitions, string meterName, KeyValuePair<string, object?>[]? meterTags)
    {
        (_services, _registry, _definitions) = (services, registry, definitions);
        _groups = [.. Enumerable.Range(0, MeterGeneration.Groups).Select(group => new MeterGenerations(group, services.Clock, Make))];

        // The first meters have no tag of their own; later ones are told apart by it.
        MeterGeneration Make(int group)
        {
            var number = (_made++ / MeterGeneration.Groups) + 1;
            return new MeterGeneration(group, meterName, number == 1 ? meterTags : [.. meterTags ?? [], new(Attributes.Generation, _made.ToString(System.Globalization.CultureInfo.InvariantCulture))]);
        }
    }

    /// <summary>The live runs that are shown, here or by another process, by workflow.</summary>
    public IReadOnlyDictionary<WorkflowDefinition, long> LiveByWorkflow => Volatile.Read(ref _live);

    /// <summary>Meters that exist, and the label sets that one may give out: for tests.</summary>
    internal IReadOnlyList<MeterGenerations> Groups => _groups;

    /// <summary>Where runs are shown at once, neither a run nor a stage that is new waits for the timer, nor does whoever starts it wait for a choice that is being made.</summary>
    public void Handle(LiveRun run, in Effect effect)
    {
        if (effect.Kind is EffectKind.RunStarted or EffectKind.StageAdded && _services.Settings.MinShownRunAge == TimeSpan.Zero)
        {
            _new.Enqueue(run);
            ShowNew();
        }
    }

    /// <summary>Chooses anew.</summary>
    public void Choose(long now)
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            foreach (var gone in _members.Where(shown => _registry.Find(shown.Run.Id) != shown.Run).ToArray())
            {
                _members.Remove(gone);
                Array.ForEach(_groups, group => group.Leave(gone));
            }

            _shown.Clear();
            _used = 0;
            var (best, newest) = Candidates(now);
            var budget = _services.Settings.ShownSeriesBudget;
            if (budget >= LeastToShare)
            {
                best.ForEach(run => TryTake(run, (int)(budget * (1 - ForNewest))));
                newest.ForEach(run => TryTake(run, budget));
            }

            best.ForEach(run => TryTake(run, budget));

            // What another process shows isn't hidden.
            _elsewhere = ByWorkflow(_registry.Live.Where(run => !run.IsPublished));
            Publish();
        }

        ShowNew();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            Array.ForEach(_groups, group => group.Dispose());
        }
    }

    // Whoever has the gate shows what comes meanwhile, as long as that isn't much: the rest is left to the next, or to the timer. Nobody waits for it.
    private void ShowNew()
    {
        var left = MostAtOnce;
        while (left > 0 && !_new.IsEmpty && _gate.TryEnter())
        {
            try
            {
                ShowNewLocked(ref left);
            }
            finally
            {
                _gate.Exit();
            }
        }
    }

    private void ShowNewLocked(ref int left)
    {
        var isChanged = false;
        while (left-- > 0 && _new.TryDequeue(out var run))
        {
            if (_isDisposed || !run.IsPublished || _registry.Find(run.Id) != run)
            {
                continue;
            }

            // A run that had the id before gives its labels back.
            if (_shown.TryGetValue(run.Id, out var before) && before.Run != run)
            {
                _shown.Remove(run.Id);
                _used -= before.Weight;
                isChanged = true;
            }

            isChanged |= TryTake(run, _services.Settings.ShownSeriesBudget);
        }

        if (isChanged)
        {
            Publish();
        }
    }

    /// <summary>The runs that are old enough to be shown, the most worth looking at first, and the live ones by youth.</summary>
    private (List<LiveRun> Best, List<LiveRun> Newest) Candidates(long now)
    {
        var wall = _services.Clock.ToWall(now);
        var least = _services.Settings.MinShownRunAge.TotalSeconds;
        var live = _registry.Live.Where(run => run is { IsBegun: true, IsPublished: true } && _services.Clock.Seconds(run.Time.Start, now) >= least).Select(run => ShownCandidate.Of(run, wall)).ToList();
        var ended = _registry.LatelyEnded.Where(run => run.IsPublished && _services.Clock.Seconds(run.Time.Start, run.Outcome.EndStamp) >= least).Select(run => ShownCandidate.Of(run, wall));
        var most = _services.Settings.ShownSeriesBudget;

        // Every run takes one place at least: of very many, most are put aside with one comparison.
        var best = live.Concat(ended).Order(ShownCandidate.BestFirst).Take(most).Select(candidate => candidate.Run).ToList();
        var newest = live.OrderByDescending(candidate => candidate.Run.Number).Take((int)(most * ForNewest)).Select(candidate => candidate.Run).ToList();
        return (best, newest);
    }

    /// <summary>Shows the run, or its further stages, if the budget allows. Returns whether it is shown and was not before.</summary>
    private bool TryTake(LiveRun run, int budget)
    {
        var stages = run.Model.Stages.Count;
        var milestones = run.Model.Milestones.Count;
        var weight = Math.Max(EstimateWeight, Math.Max(stages, milestones));

        // A run with more stages than the whole budget is shown without them: better than not at all.
        if (weight > _services.Settings.ShownSeriesBudget)
        {
            stages = 0;
            weight = Math.Max(EstimateWeight, milestones);
        }

        var more = Math.Max(0, weight - (_shown.GetValueOrDefault(run.Id)?.Weight ?? 0));
        if (_used + more > budget)
        {
            return false;
        }

        var shown = (ShownRun)(run.Shown ??= new ShownRun(run));
        _members.Add(shown);
        _groups[MeterGeneration.OfRuns].TryTake(shown, 1);
        _groups[MeterGeneration.OfEstimates].TryTake(shown, EstimateWeight);
        _groups[MeterGeneration.OfStages].TryTake(shown, stages);
        _groups[MeterGeneration.OfMilestones].TryTake(shown, milestones);
        _used += more;
        var isNew = _shown.TryAdd(run.Id, shown);
        shown.Weight = isNew ? weight : shown.Weight + more;
        return isNew;
    }

    private void Publish()
    {
        Array.ForEach(_groups, group => group.Publish(_shown.Values));
        var live = ByWorkflow(_shown.Values.Select(shown => shown.Run).Where(run => !run.IsEnded));
        foreach (var (workflow, count) in _elsewhere)
        {
            live[workflow] = live.GetValueOrDefault(workflow) + count;
        }

        Volatile.Write(ref _live, live);
    }

    private Dictionary<WorkflowDefinition, long> ByWorkflow(IEnumerable<LiveRun> runs) => runs.GroupBy(_definitions.Of).ToDictionary(g => g.Key, g => g.LongCount());
}
