using System.Collections.Immutable;
using ProgressTelemetry.Storage;

namespace ProgressTelemetry;

/// <summary>
/// A run as all its participants' shares tell it. Merging is commutative, associative and idempotent: in whatever order shares arrive, and however often, the same is told. It never changes.
/// </summary>
public sealed class JointRun
{
    private RunShare? _total;

    private JointRun(ImmutableArray<RunShare> shares) => Shares = shares;

    /// <summary>The newest share of each participant, in order of their names.</summary>
    public ImmutableArray<RunShare> Shares { get; }

    /// <summary>The run's id.</summary>
    public string RunId => Shares[0].RunId;

    /// <summary>How many runs of this id had ended before it.</summary>
    public long Generation => Shares[0].Generation;

    /// <summary>Whether a participant has ended it.</summary>
    public bool IsEnded => Total.Result is not null;

    /// <summary>All shares as one: sums added up, of moments the first start and the last of everything else.</summary>
    public RunShare Total => _total ??= ShareSum.Of(Shares);

    /// <summary>Puts shares of one run together; of several runs of its id the latest.</summary>
    /// <param name="shares">Shares of one run id, in any order and any number of times.</param>
    /// <returns>The run.</returns>
    /// <exception cref="ArgumentException">There is none, or they are of several run ids.</exception>
    public static JointRun Of(IEnumerable<RunShare> shares)
    {
        ArgumentNullException.ThrowIfNull(shares);
        RunShare[] all = [.. shares];
        if (all.Length == 0)
        {
            throw new ArgumentException("A run without a share is none.", nameof(shares));
        }

        if (all.FirstOrDefault(share => share.RunId != all[0].RunId) is { } other)
        {
            throw new ArgumentException($"Run '{other.RunId}' is not run '{all[0].RunId}'.", nameof(shares));
        }

        var latest = all.Max(share => share.Generation);
        return new JointRun(
        [
            .. all.Where(share => share.Generation == latest)
                .GroupBy(share => share.Participant, StringComparer.Ordinal)
                .Select(own => own.MaxBy(share => share.Sequence)!)
                .OrderBy(share => share.Participant, StringComparer.Ordinal),
        ]);
    }

    /// <summary>Puts what two know of one run together.</summary>
    /// <param name="other">What another knows.</param>
    /// <returns>What both know.</returns>
    /// <exception cref="ArgumentException">It is of another run id.</exception>
    public JointRun Merge(JointRun other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Of(Shares.Concat(other.Shares));
    }

    /// <summary>The run's view.</summary>
    /// <param name="now">The moment, on the clock of whoever asks.</param>
    /// <param name="isAlive">Whether any participant still works on it: without one, a run that nobody has ended is shown as abandoned.</param>
    /// <returns>A view that doesn't change.</returns>
    public WorkflowStatus ToStatus(DateTimeOffset now, bool isAlive = true) => new JointView(Total, now, isAlive).Status;
}
