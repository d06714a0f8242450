namespace ProgressTelemetry;

/// <summary>What has changed in a store.</summary>
/// <param name="Shares">The shares that were put since, the oldest first.</param>
/// <param name="Cursor">Where to go on; what it holds is the store's own affair.</param>
/// <param name="IsAll">Whether there is no more at the moment.</param>
public sealed record StoreChanges(IReadOnlyList<StoredShare> Shares, string Cursor, bool IsAll);
