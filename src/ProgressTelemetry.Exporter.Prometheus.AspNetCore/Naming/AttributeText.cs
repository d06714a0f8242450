using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ProgressTelemetry.Exporter.Prometheus.Naming;

/// <summary>An attribute's value as text. See https://opentelemetry.io/docs/specs/otel/common/#attribute: arrays are JSON.</summary>
internal static class AttributeText
{
    public static string Of(object? value) => value switch
    {
        null => "",
        string text => text,
        bool flag => flag ? "true" : "false",
        double number => Number(number),
        float number => Number(number),
        char c => c.ToString(),
        IEnumerable items => JsonArray(items),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string Number(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Number(float number) => number.ToString(CultureInfo.InvariantCulture);

    private static string JsonArray(IEnumerable items)
    {
        var json = new StringBuilder("[");
        foreach (var item in items)
        {
            if (json.Length > 1)
            {
                json.Append(',');
            }

            json.Append(item switch
            {
                null => "null",
                bool or byte or sbyte or short or ushort or int or uint or long or ulong or decimal => Of(item),
                double number when double.IsFinite(number) => Number(number),
                float number when float.IsFinite(number) => Number(number),
                _ => '"' + JsonEncodedText.Encode(Of(item), System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString() + '"',
            });
        }

        return json.Append(']').ToString();
    }
}
