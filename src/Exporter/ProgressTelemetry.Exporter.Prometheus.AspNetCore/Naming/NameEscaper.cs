using System.Globalization;
using System.Text;

namespace ProgressTelemetry.Exporter.Prometheus.Naming;

/// <summary>Writes a name in the scheme that was negotiated. See https://prometheus.io/docs/instrumenting/escaping_schemes/.</summary>
internal static class NameEscaper
{
    /// <summary>Whether the name needs no quotes: <c>[a-zA-Z_:][a-zA-Z0-9_:]*</c>, and no colon in a label's name.</summary>
    public static bool IsLegacy(string name, bool colonAllowed)
    {
        if (name.Length == 0 || char.IsAsciiDigit(name[0]))
        {
            return false;
        }

        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_' && !(colonAllowed && c == ':'))
            {
                return false;
            }
        }

        return true;
    }

    public static string Escape(string name, EscapingScheme scheme, bool colonAllowed) => scheme switch
    {
        EscapingScheme.AllowUtf8 => name.Length == 0 ? "_" : Utf16.WellFormed(name),
        EscapingScheme.Dots => Dots(name, colonAllowed),
        EscapingScheme.Values => Values(name, colonAllowed),
        _ => Underscores(name, colonAllowed),
    };

    private static string Underscores(string name, bool colonAllowed)
    {
        var result = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes())
        {
            result.Append(IsValid(rune, result.Length == 0, colonAllowed) ? (char)rune.Value : '_');
        }

        return result.Length == 0 ? "_" : result.ToString();
    }

    private static string Dots(string name, bool colonAllowed)
    {
        var result = new StringBuilder(name.Length + 8);
        foreach (var rune in name.EnumerateRunes())
        {
            if (rune.Value == '_')
            {
                result.Append("__");
            }
            else if (rune.Value == '.')
            {
                result.Append("_dot_");
            }
            else if (IsValid(rune, result.Length == 0, colonAllowed))
            {
                result.Append((char)rune.Value);
            }
            else
            {
                result.Append("__");
            }
        }

        return result.Length == 0 ? "_" : result.ToString();
    }

    private static string Values(string name, bool colonAllowed)
    {
        if (IsLegacy(name, colonAllowed))
        {
            return name;
        }

        var result = new StringBuilder("U__");
        foreach (var rune in name.EnumerateRunes())
        {
            if (rune.Value == '_')
            {
                result.Append("__");
            }
            else if (IsValid(rune, result.Length == 3, colonAllowed))
            {
                result.Append((char)rune.Value);
            }
            else
            {
                result.Append('_').Append(rune.Value.ToString("x", CultureInfo.InvariantCulture)).Append('_');
            }
        }

        return result.ToString();
    }

    private static bool IsValid(Rune rune, bool first, bool colonAllowed) =>
        rune.IsAscii && (char.IsAsciiLetter((char)rune.Value) || (!first && char.IsAsciiDigit((char)rune.Value)) || (colonAllowed && rune.Value == ':'));
}
