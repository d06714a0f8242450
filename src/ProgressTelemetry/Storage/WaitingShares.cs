using System.Diagnostics.CodeAnalysis;

namespace ProgressTelemetry.Storage;

/// <summary>The shares that the store has not, in order: of each participation the newest, and of ended runs so many at most. Used by the pump alone.</summary>
/// <param name="most">How many ended runs' shares wait at most.</param>
internal sealed class WaitingShares(int most)
{
    private readonly OrderedDictionary<RunParticipation, RunShare> _shares = [];

    public int Count => _shares.Count;

    public IEnumerable<(RunParticipation Own, RunShare Share)> All => _shares.Select(waiting => (waiting.Key, waiting.Value));

    public void Add(RunParticipation own, RunShare share) => _shares[own] = share;

    public (RunParticipation Own, RunShare Share)[] First(int count) => [.. All.Take(count)];

    /// <summary>The store has it; a newer one that came meanwhile still waits.</summary>
    public void Remove(RunParticipation own, RunShare share)
    {
        if (_shares.TryGetValue(own, out var waiting) && ReferenceEquals(waiting, share))
        {
            _shares.Remove(own);
        }
    }

    /// <summary>Drops the oldest of what is too much.</summary>
    public bool TryDrop(int live, [NotNullWhen(true)] out RunParticipation? dropped)
    {
        dropped = _shares.Count > most + live ? _shares.GetAt(0).Key : null;
        if (dropped is not null)
        {
            _shares.RemoveAt(0);
        }

        return dropped is not null;
    }
}
