namespace ProgressTelemetry.History;

/// <summary>
/// The one door to a history, which may be anybody's: what it returns is checked here and nowhere else, and what it throws ends here. Trouble is reported once a call, with what is wrong and the exception, if there was one.
/// </summary>
internal sealed class CheckedHistory(IRunHistory history, Action<string, Exception?> report)
{
    /// <summary>The newest profiles of the workflow that are fit for use, newest first, at most that many; none when the history fails.</summary>
    public RunProfile[] GetProfiles(string workflow, int most)
    {
        if (most <= 0)
            return [];
        try
        {
            var profiles = history.GetProfiles(workflow);
            if (profiles.IsDefault)
            {
                report($"the history of '{workflow}' is no list", null);
                return [];
            }

            var valid = profiles.Where(profile => profile is { IsValid: true }).ToArray();
            if (valid.Length < profiles.Length)
                report($"{profiles.Length - valid.Length} of {profiles.Length} profiles in the history of '{workflow}' are incomplete or out of range", null);
            return valid.Length > most ? valid[..most] : valid;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            report($"the history of '{workflow}' could not be read", e);
            return [];
        }
    }

    /// <summary>Keeps the profile as the workflow's newest, if the history can.</summary>
    public void Add(string workflow, RunProfile profile)
    {
        try
        {
            history.Add(workflow, profile);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            report($"the profile of a run of '{workflow}' could not be kept", e);
        }
    }
}
