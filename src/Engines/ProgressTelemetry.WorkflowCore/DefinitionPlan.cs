using WorkflowCore.Models;

namespace ProgressTelemetry.WorkflowCore;

/// <summary>A definition's steps as planned stages. Steps of one name are one stage. What is inside a container (a loop, a branch) is done as often as it says when it runs, and waits for what the container waits for, as that is open meanwhile.</summary>
internal sealed class DefinitionPlan
{
    private readonly Dictionary<int, string> _names;
    private readonly Dictionary<string, long?> _expected = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _after = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];

    public DefinitionPlan(WorkflowDefinition definition, StepNames names)
    {
        _names = definition.Steps.ToDictionary(step => step.Id, names.Of);
        var compensations = definition.Steps.Select(step => step.CompensationStepId).OfType<int>().ToHashSet();
        var inside = Inside(definition);
        foreach (var step in definition.Steps.Where(step => !compensations.Contains(step.Id)))
        {
            Add(_names[step.Id], inside.Contains(step.Id) ? null : 1);
        }

        foreach (var step in definition.Steps.Where(step => _expected.ContainsKey(_names[step.Id])))
        {
            foreach (var outcome in step.Outcomes.Where(outcome => _names.ContainsKey(outcome.NextStep)))
            {
                Order(step.Id, outcome.NextStep);
            }
        }

        foreach (var step in definition.Steps.Where(step => _expected.ContainsKey(_names[step.Id])))
        {
            foreach (var child in step.Children.Where(_names.ContainsKey))
            {
                After(_names[child]).UnionWith(After(_names[step.Id]).Where(before => IsBefore(before, _names[child])));
            }
        }
    }

    /// <summary>The stages, in the definition's order.</summary>
    public IReadOnlyList<PlannedStage> Stages => [.. _order.Select(name => new PlannedStage(name, _expected[name], After(name)))];

    // Children, and what follows them within the container.
    private static HashSet<int> Inside(WorkflowDefinition definition)
    {
        var (inside, next) = (new HashSet<int>(), new Queue<int>(definition.Steps.SelectMany(step => step.Children)));
        while (next.TryDequeue(out var id))
        {
            if (inside.Add(id) && definition.Steps.FindById(id) is { } step)
            {
                foreach (var outcome in step.Outcomes)
                {
                    next.Enqueue(outcome.NextStep);
                }
            }
        }

        return inside;
    }

    private void Add(string name, long? tasks)
    {
        if (_expected.TryAdd(name, tasks))
        {
            _order.Add(name);
        }
        else
        {
            _expected[name] += tasks;
        }
    }

    // Steps that lead back are loops, which a plan can't have.
    private void Order(int from, int to)
    {
        if (_expected.ContainsKey(_names[to]) && IsBefore(_names[from], _names[to]))
        {
            After(_names[to]).Add(_names[from]);
        }
    }

    private bool IsBefore(string first, string second) => first != second && _order.IndexOf(first) < _order.IndexOf(second);

    private HashSet<string> After(string name) => _after.TryGetValue(name, out var after) ? after : _after[name] = new HashSet<string>(StringComparer.Ordinal);
}
