namespace ProgressTelemetry;

/// <summary>A share as a store keeps it.</summary>
/// <param name="Share">The share; null when what is kept can't be read.</param>
/// <param name="Age">How long ago the store was given it, by the store's own clock: those of processes may differ.</param>
public sealed record StoredShare(RunShare? Share, TimeSpan Age);
