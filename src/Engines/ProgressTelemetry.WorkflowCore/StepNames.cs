using ProgressTelemetry.Naming;
using WorkflowCore.Models;

namespace ProgressTelemetry.WorkflowCore;

/// <summary>Names of workflows and steps that are fit for labels: definitions may be made at run time.</summary>
internal sealed class StepNames
{
    private readonly BoundedNames _names = new(keepsShortNumbers: true);

    public string Of(string workflow) => _names.Of(workflow);

    /// <summary>A step's own name; of one that has none, its body's type, as <c>Foreach</c> or <c>WaitFor</c>.</summary>
    public string Of(WorkflowStep step) => _names.Of(step.Name is { Length: > 0 } name ? name : TypeName.Of(step.BodyType));
}
