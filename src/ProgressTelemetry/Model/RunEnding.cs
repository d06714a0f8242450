namespace ProgressTelemetry.Model;

/// <summary>Whose end of a run it is.</summary>
internal enum RunEnding
{
    /// <summary>This process ends the run.</summary>
    Own,

    /// <summary>Another process has ended the run, and tells of it.</summary>
    Heard,

    /// <summary>This process leaves the run, which goes on.</summary>
    Left,
}
