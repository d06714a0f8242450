using System.Diagnostics;
using System.Globalization;

namespace ProgressTelemetry.Rules;

/// <summary>A text with parts that come from a span.</summary>
internal sealed record SpanTemplate
{
    // A part is a literal, or the fields that it may come from.
    private readonly (string? Literal, string[] Fields)[] _parts;

    public SpanTemplate(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        Text = text;
        var parts = new List<(string?, string[])>();
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var open = rest.IndexOf('{');
            var literal = open < 0 ? rest : rest[..open];
            if (literal.Contains('}'))
            {
                throw new ArgumentException($"'{text}' has a brace that closes nothing.", nameof(text));
            }

            if (!literal.IsEmpty)
            {
                parts.Add((literal.ToString(), []));
            }

            if (open < 0)
            {
                break;
            }

            var close = rest.IndexOf('}');
            var fields = close < 0 ? [] : rest[(open + 1)..close].ToString().Split('|', StringSplitOptions.TrimEntries);
            if (fields.Length == 0 || fields.Any(field => field.Length == 0 || field.Contains('{', StringComparison.Ordinal)))
            {
                throw new ArgumentException($"'{text}' has a brace that isn't closed, or nothing in one.", nameof(text));
            }

            parts.Add((null, fields));
            rest = rest[(close + 1)..];
        }

        _parts = [.. parts];
    }

    public string Text { get; }

    /// <summary>The text for a span; null while a part is missing.</summary>
    public string? Of(Activity span, string star)
    {
        if (_parts.Length == 1)
        {
            return Part(_parts[0], span, star);
        }

        var parts = new string[_parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (Part(_parts[i], span, star) is not { } part)
            {
                return null;
            }

            parts[i] = part;
        }

        return string.Concat(parts);
    }

    /// <summary>A tag's value as text; null when it is missing or empty.</summary>
    public static string? Tag(Activity span, string key) =>
        Convert.ToString(span.GetTagItem(key), CultureInfo.InvariantCulture) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;

    public bool Equals(SpanTemplate? other) => other is not null && other.Text == Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    private static string? Part((string? Literal, string[] Fields) part, Activity span, string star)
    {
        if (part.Literal is not null)
        {
            return part.Literal;
        }

        foreach (var field in part.Fields)
        {
            if (Field(field, span, star) is { Length: > 0 } value)
            {
                return value;
            }
        }

        return null;
    }

    private static string? Field(string field, Activity span, string star) => field switch
    {
        "op" => span.OperationName,
        "op*" => star,
        "name" => span.DisplayName,
        "trace" => span.TraceId.ToHexString(),
        "span" => span.SpanId.ToHexString(),
        _ => Tag(span, field),
    };
}
