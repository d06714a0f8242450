using System.Runtime.CompilerServices;
using OpenTelemetry;
using ProgressTelemetry.Exporter.Prometheus.Naming;

namespace ProgressTelemetry.Exporter.Prometheus.Collection;

/// <summary>
/// The attribute names that a metric's points have had, each with the type of its values: it tells, without comparing points with each other, whether two
/// of them could come out as the same series. Only collections add to it, one at a time; readers see a consistent state.
/// </summary>
internal sealed class AttributeKeys
{
    private const int MaxKeys = 128;
    private volatile Entry[] _entries = [];
    private volatile bool _mayCollide;
    private volatile bool _mayRepeat;

    /// <summary>The names, in the order in which they were first seen; only ever extended.</summary>
    public Entry[] Entries => _entries;

    /// <summary>
    /// Whether two points may have labels that read the same: an attribute had values of different types (1 and "1"), or one without a text of its own
    /// (empty, which Prometheus takes for absent, not valid UTF-16, or an array).
    /// </summary>
    public bool MayCollide => _mayCollide;

    /// <summary>Whether a point has had the same attribute twice.</summary>
    public bool MayRepeat => _mayRepeat;

    /// <summary>Takes note of a point's attributes; the texts of one that is not new are not read again.</summary>
    public void Observe(ReadOnlyTagCollection tags, bool isNew)
    {
        var position = 0;
        var previous = -1;
        foreach (var (key, value) in tags)
        {
            var index = IndexOf(_entries, key, position);
            if (index < 0)
            {
                index = Add(key, value);
            }
            else if (value is null || value.GetType() != _entries[index].ValueType)
            {
                _mayCollide = true;
            }

            if (value is string text && (text.Length == 0 || (isNew && !Utf16.IsWellFormed(text))))
            {
                _mayCollide = true;
            }

            if (index == previous)
            {
                _mayRepeat = true;
            }

            previous = index;
            position = index + 1;
        }
    }

    /// <summary>Finds a name, looking first where it would be if this point's names follow the order of the points before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int IndexOf(Entry[] entries, string key, int expected) =>
        (uint)expected < (uint)entries.Length && ReferenceEquals(entries[expected].Key, key) ? expected : Search(entries, key);

    private static int Search(Entry[] entries, string key)
    {
        for (var i = 0; i < entries.Length; i++)
        {
            if (ReferenceEquals(entries[i].Key, key))
            {
                return i;
            }
        }

        for (var i = 0; i < entries.Length; i++)
        {
            if (entries[i].Key == key)
            {
                return i;
            }
        }

        return -1;
    }

    private int Add(string key, object? value)
    {
        if (_entries.Length >= MaxKeys)
        {
            // Nobody names attributes like this on purpose; from here on every point is compared with every other.
            _mayCollide = true;
            _mayRepeat = true;
            return -1;
        }

        if (!TextIsDistinct(value))
        {
            _mayCollide = true;
        }

        _entries = [.. _entries, new Entry(key, value?.GetType())];
        return _entries.Length - 1;
    }

    private static bool TextIsDistinct(object? value) =>
        value is string or bool or byte or sbyte or short or ushort or int or uint or long or ulong or float or double or decimal or Enum or Guid;

    internal readonly record struct Entry(string Key, Type? ValueType);
}
