using System.Collections.Immutable;

namespace ProgressTelemetry;

/// <summary>
/// Remembers the profiles of finished runs per workflow, so that later runs can be predicted from them. Thread-safe; neither method blocks on input or
/// output, and neither throws for anything but its arguments.
/// </summary>
public interface IRunHistory
{
    /// <summary>The profiles kept for a workflow, newest first; empty when there are none.</summary>
    /// <param name="workflow">The workflow's name.</param>
    /// <exception cref="ArgumentException"><paramref name="workflow"/> is null or empty.</exception>
    ImmutableArray<RunProfile> GetProfiles(string workflow);

    /// <summary>Keeps a profile as the workflow's newest. Beyond the capacity the oldest is forgotten, those of runs first that mostly skipped what had been done before.</summary>
    /// <param name="workflow">The workflow's name.</param>
    /// <param name="profile">The profile of a run that succeeded.</param>
    /// <exception cref="ArgumentException"><paramref name="workflow"/> is null or empty, or a number in <paramref name="profile"/> is out of its range.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="profile"/> is null.</exception>
    void Add(string workflow, RunProfile profile);
}
