using System.Reflection;

namespace ProgressTelemetry.Demo;

/// <summary>The demo's own version, which is also that of its pipelines' definitions.</summary>
internal static class DemoVersion
{
    public static string Text { get; } = typeof(DemoVersion).Assembly.GetName().Version!.ToString(3);
}
