using ProgressTelemetry.Replay.Formats;

namespace ProgressTelemetry.Replay.Tests.Formats;

/// <summary>The exports in the folder Files, which are of our own making, and what is looked at in a trace.</summary>
internal static class Recorded
{
    public static string PathTo(string file) => Path.Combine(AppContext.BaseDirectory, "Files", file);

    public static Trace Read(string file, TraceFormat format = TraceFormat.Auto) => TraceFile.Read(PathTo(file), format);

    public static Trace Parse(string text, TraceFormat format = TraceFormat.Auto) => TraceFile.Parse("x", text, format);

    /// <summary>The events of a task or, with an empty name, of a stage: what happened when.</summary>
    public static IEnumerable<(TraceEventKind Kind, double Seconds)> Of(this Trace trace, string stage, string task) =>
        trace.Events.Where(e => e.Stage == stage && e.Task == task).Select(e => (e.Kind, Math.Round(e.Seconds, 6)));

    public static IEnumerable<(string Name, long Tasks)> Plan(this Trace trace) => trace.Stages.Select(s => (s.Name, s.ExpectedTasks!.Value));
}
