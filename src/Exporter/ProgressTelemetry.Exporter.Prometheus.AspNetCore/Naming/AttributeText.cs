using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace ProgressTelemetry.Exporter.Prometheus.Naming;

/// <summary>
/// An attribute's value as text. See https://opentelemetry.io/docs/specs/otel/common/#anyvalue-representation-for-non-otlp-protocols: arrays and maps are JSON, bytes Base64.
/// </summary>
internal static class AttributeText
{
    /// <summary>The text; the type's name when the value itself, which is the application's, fails to give one: a scrape shows everything else.</summary>
    public static string Of(object? value)
    {
        try
        {
            return Text(value);
        }
        catch (Exception)
        {
            return value!.GetType().Name;
        }
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        bool flag => flag ? "true" : "false",
        double number => Number(number),
        float number => Number(number),
        char c => c.ToString(),
        byte[] bytes => Convert.ToBase64String(bytes),
        IEnumerable items => Json(items),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string Number(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Number(float number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Json(object? item)
    {
        // A list can contain itself.
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return item switch
        {
            null => "null",
            bool or byte or sbyte or short or ushort or int or uint or long or ulong or decimal => Text(item),
            double number when double.IsFinite(number) => Number(number),
            float number when float.IsFinite(number) => Number(number),
            IDictionary map => '{' + Join(map.Keys, key => Quoted(Text(key)) + ':' + Json(map[key!])) + '}',
            IEnumerable items and not (string or byte[]) => '[' + Join(items, Json) + ']',
            _ => Quoted(Text(item)),
        };
    }

    private static string Join(IEnumerable items, Func<object?, string> json)
    {
        var joined = new StringBuilder();
        foreach (var item in items)
        {
            joined.Append(joined.Length > 0 ? "," : "").Append(json(item));
        }

        return joined.ToString();
    }

    private static string Quoted(string text) => '"' + JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text) + '"';
}
