using ProgressTelemetry;
using ProgressTelemetry.AspNetCore;
using ProgressTelemetry.AspNetCore.Waiting;

namespace Microsoft.AspNetCore.Http;

/// <summary>Answers requests with runs that they have started.</summary>
public static class AcceptedRunResultExtensions
{
    /// <summary>For how long a status monitor can be read when nothing else is said.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>
    /// Answers 202 (Accepted), with a status monitor for the run that its caller can poll without signing in: <c>TypedResults.Extensions.AcceptedRun(run)</c>. Needs <c>AddProgressTokens()</c> and <c>MapProgress()</c>.
    /// </summary>
    /// <param name="extensions"><c>TypedResults.Extensions</c> or <c>Results.Extensions</c>.</param>
    /// <param name="run">The run, which goes on, or has ended already.</param>
    /// <param name="resultLocation">Where its result will be once it has succeeded: an absolute URI, or a path of this host; 2,000 characters at most.</param>
    /// <param name="lifetime">For how long the status monitor can be read: more than nothing, seven days at most; default: 24 hours.</param>
    /// <param name="details">What the status monitor shows: of these, <see cref="ProgressDetails.TimeLeft"/> and <see cref="ProgressDetails.ErrorType"/>.</param>
    /// <returns>The result to return.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="run"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="resultLocation"/> is not a usable URI.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="lifetime"/> or <paramref name="details"/> is out of its range.</exception>
    public static AcceptedRun AcceptedRun(
        this IResultExtensions extensions, WorkflowRun run, string? resultLocation = null, TimeSpan? lifetime = null, ProgressDetails details = ProgressDetails.Default)
    {
        ArgumentNullException.ThrowIfNull(extensions);
        ArgumentNullException.ThrowIfNull(run);
        if (resultLocation is not null && (resultLocation.Length > 2000 || !Uri.IsWellFormedUriString(resultLocation, UriKind.RelativeOrAbsolute)))
        {
            throw new ArgumentException("The result's location is an absolute URI or a path of this host, percent-encoded, of 2,000 characters at most.", nameof(resultLocation));
        }

        var life = lifetime ?? Lifetime;
        ProgressTokens.Check(life, details);
        return new AcceptedRun(run, new ProgressScope(ScopeKind.Operation, run.Id, details) { ResultLocation = resultLocation }, life);
    }
}
