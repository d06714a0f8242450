using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace ProgressTelemetry.Naming;

/// <summary>
/// Makes names that are fit for metric labels of names that an engine, or its user, made for single runs: without ids and numbers, and no more than so many.
/// </summary>
/// <param name="keepsShortNumbers">Whether numbers of under six digits stay, as people's own names have them (<c>load-2</c>).</param>
/// <param name="most">How many names there are, at most.</param>
internal sealed partial class BoundedNames(bool keepsShortNumbers = false, int most = 200)
{
    /// <summary>What the tracker calls names past its own limit, too.</summary>
    public const string Other = "_other";

    private const int MaxLength = 200;
    private const int MostRemembered = 2000;
    private static readonly char[] Separators = [' ', '-', '_', '.', '/', ':', '#', '(', ')', '[', ']', '{', '}', ','];

    private readonly ConcurrentDictionary<string, string> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private int _remembered;

    /// <summary>The name with nothing in it that varies, 200 characters at most; <see cref="Other"/> for one that is nothing else, and for those past the limit.</summary>
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

    private string Clean(string raw)
    {
        // Longer ones aren't looked at beyond what can be shown, with room for the ids in them.
        var text = raw.Length > 5 * MaxLength ? raw[..(5 * MaxLength)] : raw;
        var clean = (keepsShortNumbers ? LongIds() : Ids()).Replace(text, "").Trim(Separators);
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

    [GeneratedRegex(@"[\s\-_./:#]?(?:[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|(?<![0-9a-zA-Z])[0-9a-fA-F]{32}(?![0-9a-zA-Z])|[0-9]{6,})", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LongIds();
}
