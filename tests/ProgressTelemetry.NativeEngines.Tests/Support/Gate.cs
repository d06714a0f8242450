using System.Collections.Concurrent;

namespace ProgressTelemetry.NativeEngines.Tests.Support;

/// <summary>Where an engine's work stops until the test lets it go on: so that a state is looked at while it lasts. Found by name, as engines make the objects that do the work.</summary>
internal sealed class Gate
{
    private static readonly ConcurrentDictionary<string, Gate> All = new(StringComparer.Ordinal);

    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the work has come here.</summary>
    public Task Reached => _reached.Task.Within();

    public static Gate Of(string test, string name) => All.GetOrAdd($"{test}/{name}", _ => new Gate());

    /// <summary>The work comes here, and waits.</summary>
    public static Task PassAsync(string test, string name)
    {
        var gate = Of(test, name);
        gate._reached.TrySetResult();
        return gate._opened.Task.Within();
    }

    public void Open() => _opened.TrySetResult();
}
