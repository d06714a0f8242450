using MassTransit.Courier.Contracts;
using ProgressTelemetry.Following;
using ProgressTelemetry.Naming;

namespace ProgressTelemetry.MassTransit;

/// <summary>
/// What a routing slip, as a process receives it, says of itself: the step that is next, and those before and after it. Activities are known by their names, and which of that name they are: an activity may add others after it, or remove them.
/// </summary>
internal sealed class SlipStep
{
    private readonly List<ExpectedJob> _activities = [];
    private readonly List<ExpectedJob> _compensations = [];

    public SlipStep(RoutingSlip slip, BoundedNames names, bool compensates)
    {
        (SlipId, Compensates, DoneCount) = (slip.TrackingNumber, compensates, slip.ActivityLogs.Count);
        foreach (var name in slip.ActivityLogs.Select(log => log.Name).Concat(slip.Itinerary.Select(activity => activity.Name)))
        {
            Add(_activities, names.Of(name));
        }

        // The last is undone first.
        foreach (var undone in slip.CompensateLogs.Reverse())
        {
            Add(_compensations, names.Of($"compensate {slip.ActivityLogs.First(log => log.ExecutionId == undone.ExecutionId).Name}"));
        }

        Job = compensates ? _compensations[0] : _activities[DoneCount];
    }

    public Guid SlipId { get; }

    /// <summary>Whether it undoes an activity.</summary>
    public bool Compensates { get; }

    /// <summary>The step itself.</summary>
    public ExpectedJob Job { get; }

    /// <summary>All activities from the first on, as far as they are known.</summary>
    public IReadOnlyCollection<ExpectedJob> Activities => _activities;

    /// <summary>The activities that are done, here or elsewhere.</summary>
    public IEnumerable<ExpectedJob> Done => _activities.Take(DoneCount);

    /// <summary>The activities that are not.</summary>
    public IEnumerable<ExpectedJob> Undone => _activities.Skip(DoneCount);

    /// <summary>What is undone if it fails, or is being undone: the last first.</summary>
    public IReadOnlyCollection<ExpectedJob> Compensations => _compensations;

    /// <summary>What the last attempt at it failed of; null when it didn't.</summary>
    public string? ErrorType { get; set; }

    private int DoneCount { get; }

    private void Add(List<ExpectedJob> steps, string stage)
    {
        var id = $"{(steps == _compensations ? "undo " : "")}{stage} {steps.Count(step => step.Stage == stage)}";
        steps.Add(new ExpectedJob(id, stage, steps.Count == 0 ? [] : [steps[^1].Id]));
    }
}
