namespace ProgressTelemetry.Tool.Client;

/// <summary>The application's progress can't be read; asking again will not help, unless it is only out of reach.</summary>
internal sealed class NoAnswerException(string message, bool mayComeBack, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether it may be read again soon: the application restarts, or the network is gone.</summary>
    public bool MayComeBack => mayComeBack;
}
