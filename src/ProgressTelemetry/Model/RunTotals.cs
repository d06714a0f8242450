using System.Runtime.InteropServices;

namespace ProgressTelemetry.Model;

/// <summary>The sums over a run's stages, kept up to date stage by stage: a run of ten thousand stages pays for the one that moved.</summary>
internal sealed class RunTotals
{
    private long _expected;
    private long _unknownOpen;
    private int _known;
    private int _blocked;
    private int _partials;
    private double _partial;

    /// <summary>Tasks done.</summary>
    public long Done { get; private set; }

    /// <summary>Parts of tasks done, in tasks.</summary>
    public double Partial => _partials > 0 ? _partial : 0;

    /// <summary>
    /// Tasks expected by stages; null while unknown. A stage of unknown size that nobody planned leaves what is known known: while it is open it counts as what it has done and one task more.
    /// </summary>
    public long? Expected => _known > 0 && _blocked == 0 ? Math.Min(_expected + _unknownOpen, Checked.MaxCount) : null;

    /// <summary>Tasks expected by the stages that know, and done by the others.</summary>
    public long Known => Math.Min(_expected, Checked.MaxCount);

    /// <summary>Takes the stage as it is now.</summary>
    public void Update(Stage stage)
    {
        var before = stage.Part;
        var expected = stage.Expected;
        var work = stage.Counts.Work(expected);

        // A stage that is said to have fewer tasks than are begun, or that ended well with a task in part, expects nothing of that part any more, and yet the run's progress must not run back: the part stays what it is.
        var left = expected is { } tasks ? Math.Max(0, stage.Counts.MostWork - tasks) : 0;
        var after = new Part(
            stage.Done,
            (expected ?? stage.Done) + (long)Math.Ceiling(left),
            expected is null ? 0 : 1,
            expected is null && stage.IsPlanned ? 1 : 0,
            expected is null && (stage.IsOpen || !stage.Begun) ? 1 : 0,
            work + left - stage.Done);
        Done += after.Done - before.Done;
        _expected += after.Expected - before.Expected;
        _known += after.Known - before.Known;
        _blocked += after.Blocked - before.Blocked;
        _unknownOpen += after.UnknownOpen - before.UnknownOpen;
        _partials += (after.Partial > 0 ? 1 : 0) - (before.Partial > 0 ? 1 : 0);
        _partial = _partials == 0 ? 0 : _partial + after.Partial - before.Partial;
        stage.Part = after;
    }

    /// <summary>A stage's part of the sums.</summary>
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Part(long Done, long Expected, int Known, int Blocked, int UnknownOpen, double Partial);
}
