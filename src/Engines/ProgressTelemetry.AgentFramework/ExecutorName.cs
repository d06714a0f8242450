using System.Text.RegularExpressions;
using ProgressTelemetry.Following;

namespace ProgressTelemetry.AgentFramework;

/// <summary>An executor's name, as a stage: its id, without the random part that agents' ids have.</summary>
internal static partial class ExecutorName
{
    public static string Of(string executorId) => BoundedName.Of(Random().Replace(executorId, ""));

    [GeneratedRegex("_[0-9a-f]{32}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Random();
}
