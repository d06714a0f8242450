namespace ProgressTelemetry.Replay.Formats;

/// <summary>A trace that can't be read; its message is for the person who wrote or chose the file.</summary>
public sealed class TraceFormatException(string file, long? line, string reason, Exception? inner = null)
    : Exception(line is null ? $"{file}: {reason}" : $"{file}:{line}: {reason}", inner)
{
    /// <summary>The file that is wrong.</summary>
    public string File => file;

    /// <summary>The line that is wrong, from 1; null when it is the file as a whole.</summary>
    public long? Line => line;

    /// <summary>What is wrong with it.</summary>
    public string Reason => reason;
}
