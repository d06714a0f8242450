using Microsoft.Extensions.Logging;

namespace ProgressTelemetry.History;

/// <summary>What is reported of a history file. None of it hinders the tracked work.</summary>
internal static partial class HistoryLog
{
    [LoggerMessage(EventId = 301, EventName = "progress.history.set_aside", Level = LogLevel.Warning,
        Message = "The run history {Path} could not be understood and was renamed to {SetAside}; predictions start without it")]
    public static partial void HistorySetAside(this ILogger logger, Exception reason, string path, string setAside);

    [LoggerMessage(EventId = 302, EventName = "progress.history.not_read", Level = LogLevel.Warning,
        Message = "The run history {Path} could not be read; predictions start without it")]
    public static partial void HistoryNotRead(this ILogger logger, Exception reason, string path);

    [LoggerMessage(EventId = 303, EventName = "progress.history.not_written", Level = LogLevel.Warning,
        Message = "The run history {Path} could not be written; it is kept in memory and tried again after the next run")]
    public static partial void HistoryNotWritten(this ILogger logger, Exception reason, string path);
}
