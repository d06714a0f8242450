using MassTransit.Courier.Contracts;
using ProgressTelemetry.Following;
using ProgressTelemetry.Naming;

namespace ProgressTelemetry.MassTransit;

/// <summary>
/// What a routing slip, as a process receives it, says of itself: the step that is next, and those before and after it. Activities are known by their names, and which of that name they are: an activity may add others after it, or remove them.
/// </summary>
internal sealed class SlipStep
{
    private readonly RoutingSlip _slip;
    private readonly BoundedNames _names;
    private IReadOnlyList<ExpectedJob>? _compensations;

    public SlipStep(RoutingSlip slip, BoundedNames names, bool compensates)
    {
        (_slip, _names, Compensates) = (slip, names, compensates);
        Activities = InTurn([.. slip.ActivityLogs.Select(log => log.Name), .. slip.Itinerary.Select(activity => activity.Name)], isUndone: false);
        Job = compensates ? Compensations[0] : Activities[slip.ActivityLogs.Count];
    }

    public Guid SlipId => _slip.TrackingNumber;

    /// <summary>Whether it undoes an activity.</summary>
    public bool Compensates { get; }

    /// <summary>The step itself.</summary>
    public ExpectedJob Job { get; }

    /// <summary>All activities from the first on, as far as they are known.</summary>
    public IReadOnlyList<ExpectedJob> Activities { get; }

    /// <summary>The activities that are done, here or elsewhere.</summary>
    public IEnumerable<ExpectedJob> Done => Activities.Take(_slip.ActivityLogs.Count);

    /// <summary>The activities that are not.</summary>
    public IEnumerable<ExpectedJob> Undone => Activities.Skip(_slip.ActivityLogs.Count);

    /// <summary>What is undone if it fails, or is being undone: the last first. Made when it is asked for, as most slips undo nothing.</summary>
    public IReadOnlyList<ExpectedJob> Compensations => _compensations ??= Undoing();

    /// <summary>What the last attempt at it failed of; null when it didn't.</summary>
    public string? ErrorType { get; set; }

    private IReadOnlyList<ExpectedJob> Undoing()
    {
        var done = _slip.ActivityLogs.ToDictionary(log => log.ExecutionId, log => log.Name);
        return InTurn([.. _slip.CompensateLogs.Select(log => $"compensate {done[log.ExecutionId]}")], isUndone: true);
    }

    // Which of its name a step is doesn't change when those after it are done, added or removed.
    private IReadOnlyList<ExpectedJob> InTurn(IReadOnlyList<string> names, bool isUndone)
    {
        var ofStage = new Dictionary<string, int>(StringComparer.Ordinal);
        var steps = new List<(string Id, string Stage)>(names.Count);
        foreach (var stage in names.Select(_names.Of))
        {
            var which = ofStage[stage] = ofStage.GetValueOrDefault(stage) + 1;
            steps.Add(($"{(isUndone ? "undo " : "")}{stage} {which}", stage));
        }

        if (isUndone)
        {
            steps.Reverse();
        }

        return [.. steps.Select((step, i) => new ExpectedJob(step.Id, step.Stage, i == 0 ? [] : [steps[i - 1].Id]))];
    }
}
