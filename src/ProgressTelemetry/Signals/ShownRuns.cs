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

    private readonly RunServices _services;
    private readonly RunRegistry _registry;
    private readonly DefinitionTable _definitions;
    private readonly Lock _gate = new();
    private readonly MeterGenerations[] _groups;
    private readonly HashSet<ShownRun> _members = [];
    private IReadOnlyDictionary<WorkflowDefinition, long> _live = ImmutableDictionary<WorkflowDefinition, long>.Empty;
    private List<ShownRun> _shown = [];
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

    /// <summary>Where runs are shown at once, neither a run nor a stage that is new waits for the timer.</summary>
    public void Handle(LiveRun run, in Effect effect)
    {
        if (effect.Kind is EffectKind.RunStarted or EffectKind.StageAdded && _services.Settings.MinShownRunAge == TimeSpan.Zero)
        {
            ShowAtOnce(run);
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

            _shown = [];
            _used = 0;
            var (best, newest) = Candidates(now);
            var budget = _services.Settings.ShownSeriesBudget;
            if (budget >= LeastToShare)
            {
                Take(best, (int)(budget * (1 - ForNewest)));
                Take(newest, budget);
            }

            Take(best, budget);
            Publish();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            Array.ForEach(_groups, group => group.Dispose());
        }
    }

    private void ShowAtOnce(LiveRun run)
    {
        lock (_gate)
        {
            if (!_isDisposed && run.IsPublished)
            {
                // A run that had the id before gives its labels back.
                _shown = [.. _shown.Where(shown => shown.Run.Id != run.Id)];
                _used = _shown.Sum(shown => shown.Weights.Max());
                Take([run], _services.Settings.ShownSeriesBudget);
                Publish();
            }
        }
    }

    /// <summary>The runs that are old enough to be shown, the most worth looking at first, and the live ones by youth.</summary>
    private (IEnumerable<LiveRun> Best, IEnumerable<LiveRun> Newest) Candidates(long now)
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

    private void Take(IEnumerable<LiveRun> runs, int budget)
    {
        var taken = _shown.Select(shown => shown.Run).ToHashSet();
        foreach (var run in runs)
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

            if (_used + weight > budget || !taken.Add(run))
            {
                continue;
            }

            var shown = (ShownRun)(run.Shown ??= new ShownRun(run));
            _members.Add(shown);
            _groups[MeterGeneration.OfRuns].TryTake(shown, 1);
            _groups[MeterGeneration.OfEstimates].TryTake(shown, EstimateWeight);
            _groups[MeterGeneration.OfStages].TryTake(shown, stages);
            _groups[MeterGeneration.OfMilestones].TryTake(shown, milestones);
            _shown.Add(shown);
            _used += weight;
        }
    }

    private void Publish()
    {
        Array.ForEach(_groups, group => group.Publish(_shown));

        // What another process shows isn't hidden.
        var seen = _shown.Select(shown => shown.Run).Concat(_registry.Live.Where(run => !run.IsPublished)).Where(run => !run.IsEnded);
        Volatile.Write(ref _live, seen.GroupBy(_definitions.Of).ToDictionary(g => g.Key, g => g.LongCount()));
    }
}
