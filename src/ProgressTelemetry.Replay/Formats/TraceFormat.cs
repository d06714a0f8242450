namespace ProgressTelemetry.Replay.Formats;

/// <summary>The formats that recorded runs come in.</summary>
public enum TraceFormat
{
    /// <summary>Whichever it is, by its content.</summary>
    Auto,

    /// <summary>An event stream: <c>t,event,task,stage,parents</c>.</summary>
    Csv,

    /// <summary>Nextflow's trace file.</summary>
    Nextflow,

    /// <summary>An Argo workflow with its status, as JSON or YAML.</summary>
    Argo,

    /// <summary>The jobs of a GitHub Actions run, as JSON.</summary>
    GitHub,

    /// <summary>The stages of a Jenkins build, as JSON.</summary>
    Jenkins,
}
