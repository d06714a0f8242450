using System.Text;
using ProgressTelemetry.Exporter.Prometheus.Naming;

namespace ProgressTelemetry.Exporter.Prometheus.Families;

/// <summary>Tells label sets apart as Prometheus does: their order does not count, an empty label is an absent one, and what is not valid UTF-16 all reads the same.</summary>
internal static class SeriesIdentity
{
    /// <summary>A text that is the same for the same labels, and for no others.</summary>
    public static string Of(IEnumerable<Label> labels)
    {
        var identity = new StringBuilder();
        foreach (var (name, value) in labels.Where(label => label.Value.Length > 0).OrderBy(label => label.Name, StringComparer.Ordinal))
        {
            var read = Utf16.WellFormed(value);
            identity.Append(name).Append('\0').Append(read.Length).Append('\0').Append(read);
        }

        return identity.ToString();
    }

    /// <summary>A number that is the same for the same labels, and seldom for others.</summary>
    public static int Hash(List<Label> labels)
    {
        var sum = 0;
        foreach (var (name, value) in labels)
        {
            sum += value.Length > 0 ? HashCode.Combine(name, Utf16.WellFormed(value)) : 0;
        }

        return sum;
    }
}
