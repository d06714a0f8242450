using System.Text.RegularExpressions;

namespace ProgressTelemetry.Following;

/// <summary>Names of workflows and stages are labels, and have to be few: what an engine's user gave a name may hold an id or a date.</summary>
internal static partial class BoundedName
{
    private const int Longest = 200;

    /// <summary>The name with a <c>*</c> for each GUID, and for each number of six digits or more; 200 characters at most.</summary>
    public static string Of(string name)
    {
        var bounded = Varying().Replace(name, "*");
        return bounded.Length == 0 ? "unnamed" : bounded.Length <= Longest ? bounded : bounded[..Longest];
    }

    [GeneratedRegex("[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|(?<![0-9a-zA-Z])[0-9a-fA-F]{32}(?![0-9a-zA-Z])|[0-9]{6,}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Varying();
}
