namespace ProgressTelemetry.Storage;

/// <summary>What a share is made of, in so far as it can change without time passing.</summary>
/// <param name="Changes">How many changes were applied to the run here.</param>
/// <param name="State">Where it stands.</param>
/// <param name="HasSpan">Whether it has its span.</param>
/// <param name="HeardSequences">How much was heard of others.</param>
/// <param name="HeardPresent">How many of them are there.</param>
internal readonly record struct ShareSource(long Changes, WorkflowState State, bool HasSpan, long HeardSequences, int HeardPresent);
