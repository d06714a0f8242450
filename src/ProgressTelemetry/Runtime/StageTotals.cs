using System.Runtime.InteropServices;
using ProgressTelemetry.Model;

namespace ProgressTelemetry.Runtime;

/// <summary>What the runs of a pair of workflow and stage add up to.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct StageTotals
{
    /// <summary>Tasks ended, by result.</summary>
    public ResultTally Tasks;

    /// <summary>Attempts at tasks that failed.</summary>
    public long FailedAttempts;

    /// <summary>Seconds of the runs' wall-clock time that are the stage's.</summary>
    public double Wall;

    /// <summary>Seconds in declared waits.</summary>
    public double Wait;

    /// <summary>Tasks done per second of late, without skipped ones, which are no pace.</summary>
    public double Throughput;

    /// <summary>Adds what the stage has done and taken so far in this process: what another has done, that one has counted.</summary>
    public void Add(LiveRun run, Stage stage)
    {
        var now = run.Now();
        lock (run.Gate)
        {
            run.Open.Sync(now);
            var t = run.Model.Result is null ? now.At : run.Model.EndedAt;
            for (var i = 0; i < ResultTally.Size; i++)
            {
                Tasks[i] += stage.Counts.Final((WorkflowResult)i) - (stage.Elsewhere?.Known.Ended((WorkflowResult)i) ?? 0);
            }

            FailedAttempts += stage.Counts.FailedAttempts - (stage.Elsewhere?.Known.FailedAttempts ?? 0);
            Wall += run.Model.Ledger.WallAt(stage, t) - (stage.Elsewhere?.Known.WallSeconds ?? 0);
            Wait += run.Model.Ledger.WaitAt(stage, t) - (stage.Elsewhere?.Known.WaitSeconds ?? 0);
        }
    }
}
