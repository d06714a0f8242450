namespace ProgressTelemetry.Estimation;

internal sealed partial class RunModel
{
    private double _lastProgress;
    private double _waitedAtProgress;
    private double _longestSilence;
    private double _observedSilence;

    /// <summary>When something last started, ended, was counted, entered, left, or came out of a wait.</summary>
    public double LastProgress => _lastProgress;

    /// <summary>Seconds since the last progress, those not counted in which the run was in a declared wait and nothing ran.</summary>
    public double SilenceAt(double t)
    {
        var end = Clamp(t);
        return Math.Max(0, end - _lastProgress - (Waited(end) - _waitedAtProgress));
    }

    /// <summary>The longest silence of the run, the present one included.</summary>
    internal double LongestSilenceAt(double t) => Math.Max(Math.Max(_longestSilence, _observedSilence), SilenceAt(t));

    private void Progressed() => Progressed(_now);

    /// <remarks>Counted progress is learned of later than it happens: what was seen of the silence before it is what is known of it.</remarks>
    private void Progressed(double at)
    {
        if (at < _lastProgress)
            return;
        _longestSilence = Math.Max(_longestSilence, Math.Max(_observedSilence, at >= _now ? SilenceAt(_now) : 0));
        _observedSilence = 0;
        _lastProgress = at;
        _waitedAtProgress = _waitedTotal;
    }

    /// <summary>Somebody looked and the count had not moved.</summary>
    private void Looked(StageModel s) => _observedSilence = s.Units > 0 ? Math.Max(_observedSilence, SilenceAt(_now)) : _observedSilence;
}
