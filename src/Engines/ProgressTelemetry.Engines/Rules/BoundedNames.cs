using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace ProgressTelemetry.Rules;

/// <summary>
/// Makes names that are fit for metric labels of names that engines made for single runs: without ids and numbers, and no more than so many.
/// </summary>
internal sealed partial class BoundedNames(int most = 200)
{
    /// <summary>What the tracker calls names past its own limit, too.</summary>
    public const string Other = "_other";

    private const int MaxLength = 200;
    private const int MostRemembered = 2000;
    private static readonly char[] Separators = [' ', '-', '_', '.', '/', ':', '#', '(', ')', '[', ']', '{', '}', ','];

    private readonly ConcurrentDictionary<string, string> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private int _remembered;

    public string Of(string raw)
    {
        if (_known.TryGetValue(raw, out var known))
        {
            return known;
        }

        var name = Admit(Clean(raw));
        if (Volatile.Read(ref _remembered) < MostRemembered && _known.TryAdd(raw, name))
        {
            Interlocked.Increment(ref _remembered);
        }

        return name;
    }

    private static string Clean(string raw)
    {
        // Longer ones aren't looked at beyond what can be shown, with room for the ids in them.
        var text = raw.Length > 5 * MaxLength ? raw[..(5 * MaxLength)] : raw;
        var clean = Ids().Replace(text, "").Trim(Separators);
        return clean.Length <= MaxLength ? clean : clean[..MaxLength].Trim(Separators);
    }

    private string Admit(string name)
    {
        if (name.Length == 0)
        {
            return Other;
        }

        lock (_names)
        {
            return _names.Contains(name) || (_names.Count < most && _names.Add(name)) ? name : Other;
        }
    }

    // A GUID in its usual forms, or digits, with the separator before it.
    [GeneratedRegex(@"[\s\-_./:#]?(?:[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|(?<![0-9a-zA-Z])[0-9a-fA-F]{32}(?![0-9a-zA-Z])|[0-9]+)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Ids();
}
