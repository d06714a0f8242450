namespace ProgressTelemetry.Demo.Replay;

/// <summary>A trace that can't be read; its message is for the person who wrote or chose the file.</summary>
internal sealed class TraceFormatException(string file, long? line, string reason, Exception? inner = null)
    : Exception(line is null ? $"{file}: {reason}" : $"{file}:{line}: {reason}", inner)
{
    public string File => file;

    /// <summary>The line that is wrong, from 1; null when it is the file as a whole.</summary>
    public long? Line => line;

    public string Reason => reason;
}
