using ProgressTelemetry.Tool.Client;

namespace ProgressTelemetry.Tool.Commands;

/// <summary>Goes on following while an application restarts: tries again for a while, and says so once.</summary>
internal sealed class Following(TimeSpan patience, TimeProvider clock, TextWriter error)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private long? _lostAt;

    /// <summary>Something was read.</summary>
    public void Found() => _lostAt = null;

    /// <summary>Nothing could be read: pauses, and returns; or throws when that has lasted too long, or trying again can't help.</summary>
    /// <exception cref="NoAnswerException">It is no use.</exception>
    public async Task LostAsync(NoAnswerException lost, CancellationToken stop)
    {
        if (!lost.MayComeBack || patience <= TimeSpan.Zero)
        {
            throw lost;
        }

        if (_lostAt is null)
        {
            _lostAt = clock.GetTimestamp();
            await error.WriteLineAsync($"{lost.Message}; trying again for {patience.TotalSeconds:0} s");
        }
        else if (clock.GetElapsedTime(_lostAt.Value) >= patience)
        {
            throw lost;
        }

        await Task.Delay(Pause, clock, stop);
    }
}
