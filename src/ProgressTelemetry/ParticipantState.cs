namespace ProgressTelemetry;

/// <summary>Whether a participant of a run is there.</summary>
public enum ParticipantState
{
    /// <summary>It works on the run, or did so when the run ended.</summary>
    Present,

    /// <summary>It left the run without ending it.</summary>
    Left,

    /// <summary>It has told nothing for 30 s: it was killed, or can't reach the store. It may return.</summary>
    Gone,
}
