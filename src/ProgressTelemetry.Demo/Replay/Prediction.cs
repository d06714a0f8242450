using System.Globalization;

namespace ProgressTelemetry.Demo.Replay;

/// <summary>What a run said of its own end at one moment: total durations since its start, in s; null where it said nothing.</summary>
/// <param name="Share">The moment, as a share of what the run was to last.</param>
/// <param name="Seconds">The moment, since the run's start.</param>
/// <param name="Expected">The expected total.</param>
/// <param name="Low">The low end of the interval.</param>
/// <param name="High">The high end of the interval.</param>
/// <param name="Bottleneck">A stage's name, <c>dispatch</c>, <c>waiting</c>, or empty.</param>
internal sealed record Prediction(double Share, double Seconds, double? Expected, double? Low, double? High, string Bottleneck)
{
    public const string CsvHeader = "share,t_s,expected_s,low_s,high_s,bottleneck";

    /// <summary>The checkpoints of a replay, as shares of the trace's duration.</summary>
    public static IReadOnlyList<double> Shares { get; } = [.1, .2, .3, .4, .5, .6, .7, .8, .9];

    public static Prediction Of(WorkflowStatus status, double share, double seconds)
    {
        double? Total(DateTimeOffset? end) => (end - status.StartedAt)?.TotalSeconds;
        return new Prediction(share, seconds, Total(status.Estimate?.Expected), Total(status.Estimate?.Low), Total(status.Estimate?.High), status.Bottleneck switch
        {
            { Kind: BottleneckKind.Stage, Stage: { } stage } => stage,
            { Kind: BottleneckKind.Dispatch } => "dispatch",
            { Kind: BottleneckKind.Waiting } => "waiting",
            _ => "",
        });
    }

    public string ToCsv() => string.Join(',', Share.ToString("0.0", CultureInfo.InvariantCulture), Number(Seconds), Number(Expected), Number(Low), Number(High), Csv.Field(Bottleneck));

    private static string Number(double? seconds) => seconds?.ToString("F7", CultureInfo.InvariantCulture) ?? "";
}
