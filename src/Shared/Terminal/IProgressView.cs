// This folder is compiled into each program that shows progress in a terminal.
namespace ProgressTelemetry.Shared.Terminal;

/// <summary>Shows a run's status each time that it is looked at.</summary>
internal interface IProgressView
{
    void Update(WorkflowStatus status);
}
