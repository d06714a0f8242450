namespace ProgressTelemetry.AspNetCore;

/// <summary>
/// Makes tokens that let somebody see one run, and nothing else, without an account: whoever has the token may read <c>/progress/live/{token}</c> until it expires. <c>AddProgressTokens()</c> adds it to the services.
/// </summary>
/// <remarks>
/// A token is read only, is not kept anywhere, and can't be taken back, so it should live about as long as the page that it is for. It is protected by ASP.NET Core's data protection: instances of an application that share
/// their keys read each other's tokens, and tokens outlive a deployment if the keys do.
/// </remarks>
public interface IProgressTokens
{
    /// <summary>Makes a token for one run, which may have ended or not yet started.</summary>
    /// <param name="runId">The run's id.</param>
    /// <param name="lifetime">For how long it can be read: more than nothing, seven days at most.</param>
    /// <param name="details">What it shows.</param>
    /// <returns>The token, which can stand in a path as it is.</returns>
    /// <exception cref="ArgumentException"><paramref name="runId"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="lifetime"/> or <paramref name="details"/> is out of its range.</exception>
    string ForRun(string runId, TimeSpan lifetime, ProgressDetails details = ProgressDetails.Default);

    /// <summary>Makes a token for whichever run of a workflow is current: a live one (a stalled one before others, then the oldest), and while there is none, the one that ended last.</summary>
    /// <param name="workflow">The workflow's name.</param>
    /// <param name="lifetime">For how long it can be read: more than nothing, seven days at most.</param>
    /// <param name="details">What it shows.</param>
    /// <returns>The token, which can stand in a path as it is.</returns>
    /// <exception cref="ArgumentException"><paramref name="workflow"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="lifetime"/> or <paramref name="details"/> is out of its range.</exception>
    string ForWorkflow(string workflow, TimeSpan lifetime, ProgressDetails details = ProgressDetails.Default);
}
