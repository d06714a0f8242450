namespace ProgressTelemetry;

/// <summary>Who works, or worked, on a run that is stored.</summary>
/// <param name="Process">The process, for people: machine and process id. Two may have the same.</param>
/// <param name="State">Whether it is there.</param>
/// <param name="JoinedAt">When it took the run up, by its own clock.</param>
/// <param name="LastHeardAt">When it last told of itself, by the clock of whoever asks.</param>
/// <param name="CompletedTasks">Tasks that it did.</param>
public sealed record ParticipantStatus(string Process, ParticipantState State, DateTimeOffset JoinedAt, DateTimeOffset LastHeardAt, long CompletedTasks);
