using System.Diagnostics;

namespace ProgressTelemetry.Rules;

/// <summary>A tag that a span has to have, with any value or with one.</summary>
internal sealed record TagCondition
{
    private readonly string _key;
    private readonly string? _value;

    public TagCondition(string text)
    {
        Text = text;
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        (_key, _value) = equals < 0 ? (text.Trim(), null) : (text[..equals].Trim(), text[(equals + 1)..].Trim());
        ArgumentException.ThrowIfNullOrWhiteSpace(_key, nameof(text));
    }

    public string Text { get; }

    /// <summary>Whether it has; null while it has none of that key and may get it.</summary>
    public bool? IsMet(Activity span) => SpanTemplate.Tag(span, _key) is { } value ? _value is null || value == _value : null;
}
