namespace ProgressTelemetry.Demo.Pipelines.Content;

/// <summary>Something that a task's id can name.</summary>
internal interface INamed
{
    string Name { get; }
}
