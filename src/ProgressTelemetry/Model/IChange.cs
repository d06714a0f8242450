namespace ProgressTelemetry.Model;

/// <summary>A verb as a value: what happened to a run. The same change serves a live call, an engine's event with its own time, and a child run.</summary>
/// <typeparam name="T">What the caller gets back.</typeparam>
internal interface IChange<out T>
{
    /// <summary>Applies the change; what follows from it is added to <paramref name="effects"/>.</summary>
    T Apply(Run run, in Moment at, Effects effects);
}
