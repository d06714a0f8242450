namespace ProgressTelemetry.Exporter.Prometheus.Formats;

/// <summary>A moment as OpenMetrics writes it: seconds since 1970 with milliseconds.</summary>
internal static class UnixSeconds
{
    public static void Write(ScrapeBuffer buffer, DateTimeOffset moment)
    {
        var milliseconds = moment.ToUnixTimeMilliseconds();
        buffer.WriteLong(milliseconds / 1000);
        var rest = milliseconds % 1000;
        buffer.WriteByte((byte)'.');
        buffer.WriteByte((byte)('0' + (rest / 100)));
        buffer.WriteByte((byte)('0' + (rest / 10 % 10)));
        buffer.WriteByte((byte)('0' + (rest % 10)));
    }
}
