namespace ProgressTelemetry.Replay.Play;

/// <summary>What a run said of its own end at one moment: total durations since its start, in s; null where it said nothing.</summary>
/// <param name="Share">The moment, as a share of what the run was to last.</param>
/// <param name="Seconds">The moment, since the run's start.</param>
/// <param name="Expected">The expected total.</param>
/// <param name="Low">The low end of the interval.</param>
/// <param name="High">The high end of the interval.</param>
/// <param name="Bottleneck">A stage's name, <c>dispatch</c>, <c>waiting</c>, or empty.</param>
public sealed record Prediction(double Share, double Seconds, double? Expected, double? Low, double? High, string Bottleneck)
{
    /// <summary>The checkpoints of a replay, as shares of the trace's duration.</summary>
    public static IReadOnlyList<double> Shares { get; } = [.1, .2, .3, .4, .5, .6, .7, .8, .9];

    /// <summary>What a run says of its end now.</summary>
    /// <param name="status">The run's status.</param>
    /// <param name="share">The moment, as a share of what the run was to last.</param>
    /// <param name="seconds">The moment, since the run's start, s.</param>
    /// <returns>The prediction.</returns>
    internal static Prediction Of(WorkflowStatus status, double share, double seconds)
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
}
