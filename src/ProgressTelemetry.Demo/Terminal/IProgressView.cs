namespace ProgressTelemetry.Demo.Terminal;

/// <summary>Shows a run's status each time that it is looked at.</summary>
internal interface IProgressView
{
    void Update(WorkflowStatus status);
}
