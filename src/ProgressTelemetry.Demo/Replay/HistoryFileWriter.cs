using ProgressTelemetry.Replay;
using ProgressTelemetry.Replay.Play;

namespace ProgressTelemetry.Demo.Replay;

/// <summary>Writes what is to be learned from recorded runs to a history file, for an application to begin with.</summary>
internal sealed class HistoryFileWriter : ILogger<FileRunHistory>
{
    /// <summary>The most earlier runs that a tracker can be told to remember.</summary>
    private const int MostProfiles = 10;

    private readonly List<string> _trouble = [];

    /// <summary>Adds runs to a history file, which is made if it isn't there.</summary>
    /// <returns>Whether something was learned, and written.</returns>
    public static async Task<bool> WriteAsync(FileInfo file, IReadOnlyList<Trace> traces, string workflow, Output output, CancellationToken stop)
    {
        var log = new HistoryFileWriter();
        var history = new FileRunHistory(file.FullName, Math.Clamp(traces.Count, InMemoryRunHistory.DefaultProfilesPerWorkflow, MostProfiles), logger: log);
        IReadOnlyList<Trace> useless;
        await using (history)
        {
            useless = await TraceLearning.LearnAsync(traces, workflow, history, stop);
            await history.FlushAsync();
        }

        foreach (var trace in useless)
        {
            await output.Error.WriteLineAsync($"{trace.File}: nothing is learned from it, as the run did not end well");
        }

        foreach (var trouble in log._trouble)
        {
            await output.Error.WriteLineAsync($"{file}: {trouble}");
        }

        await output.Out.WriteLineAsync($"{workflow}: learned from {traces.Count - useless.Count} of {traces.Count} runs: {file}");
        return log._trouble.Count == 0 && useless.Count < traces.Count;
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _trouble.Add(formatter(state, exception) + (exception is null ? "" : $" ({exception.Message})"));
}
