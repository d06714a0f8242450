using ProgressTelemetry.Model;
using ProgressTelemetry.Runtime;

namespace ProgressTelemetry.History;

/// <summary>Keeps the profiles of runs that ended well, and finds those of earlier ones. The history may be the user's: what it throws or gets wrong is an error of the tracker's, and stays here.</summary>
internal sealed class HistorySink(IRunHistory history, int perWorkflow, TrackerErrors errors) : IEffectSink
{
    public void Handle(LiveRun run, in Effect effect)
    {
        if (effect.Kind != EffectKind.RunEnded || run.Profile is not { } profile)
        {
            return;
        }

        try
        {
            history.Add(run.Workflow, profile);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            errors.Add(TrackerErrors.HistoryFailed, $"the profile of run '{run.Id}' could not be kept", e);
        }
    }

    /// <summary>The usable ones of the newest profiles, newest first.</summary>
    public RunProfile[] Of(string workflow)
    {
        if (perWorkflow == 0)
        {
            return [];
        }

        try
        {
            var profiles = history.GetProfiles(workflow);
            RunProfile[] usable = profiles.IsDefault ? [] : [.. profiles.Where(p => p is { IsValid: true }).Take(perWorkflow)];
            if (profiles.IsDefault || profiles.Any(p => p is not { IsValid: true }))
            {
                errors.Add(TrackerErrors.HistoryFailed, $"the history of '{workflow}' holds profiles that can't be used");
            }

            return usable;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            errors.Add(TrackerErrors.HistoryFailed, $"the history of '{workflow}' could not be read", e);
            return [];
        }
    }
}
