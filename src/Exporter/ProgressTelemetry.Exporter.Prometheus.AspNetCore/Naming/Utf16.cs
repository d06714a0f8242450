using System.Buffers;
using System.Text;

namespace ProgressTelemetry.Exporter.Prometheus.Naming;

/// <summary>Text that need not be valid UTF-16: a reader sees U+FFFD for what is not, so that different texts can read the same.</summary>
internal static class Utf16
{
    private const char FirstSurrogate = '\ud800';
    private const char LastSurrogate = '\udfff';

    public static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        for (var i = text.IndexOfAnyInRange(FirstSurrogate, LastSurrogate); i >= 0 && i < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text[i..], out _, out var length) != OperationStatus.Done)
            {
                return false;
            }

            i += length;
        }

        return true;
    }

    /// <summary>The text that a reader sees.</summary>
    public static string WellFormed(string text) => IsWellFormed(text) ? text : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
