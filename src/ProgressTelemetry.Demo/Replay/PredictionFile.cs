using System.Globalization;
using ProgressTelemetry.Replay.Play;

namespace ProgressTelemetry.Demo.Replay;

/// <summary>Predictions as the CSV that <c>--predictions</c> writes.</summary>
internal static class PredictionFile
{
    public const string Header = "share,t_s,expected_s,low_s,high_s,bottleneck";

    public static Task WriteAsync(FileInfo file, IEnumerable<Prediction> predictions) => File.WriteAllLinesAsync(file.FullName, predictions.Select(Row).Prepend(Header));

    public static string Row(Prediction p) =>
        string.Join(',', p.Share.ToString("0.0", CultureInfo.InvariantCulture), Number(p.Seconds), Number(p.Expected), Number(p.Low), Number(p.High), Csv.Field(p.Bottleneck));

    private static string Number(double? seconds) => seconds?.ToString("F7", CultureInfo.InvariantCulture) ?? "";
}
