using System.Runtime.InteropServices;

namespace ProgressTelemetry.Estimation;

/// <summary>A stage as the estimate sees it: numbers of tasks made definite, and skipped tasks left out.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct StageView
{
    /// <summary>Empty for what a declared total leaves over.</summary>
    public string Name;

    /// <summary>Where it stands in the run, or in the profile that it is known from.</summary>
    public int Index;

    /// <summary>Tasks to be worked, at least 1; 0 for a stage that was skipped as a whole, which says nothing about anything.</summary>
    public double Expected;

    /// <summary>Tasks worked to their end.</summary>
    public double Done;

    /// <summary>The parts of tasks that running ones have reported, in tasks.</summary>
    public double Partial;

    public double Running;

    /// <summary>Whether something tells how long a task takes; <see cref="Mean"/> is a guess otherwise.</summary>
    public bool IsPaced;

    /// <summary>Whether its tasks are timed, and not merely counted.</summary>
    public bool IsTimed;

    /// <summary>Mean duration of a task, s.</summary>
    public double Mean;

    /// <summary>Longest task that has ended, s; of merely counted tasks their mean; 0 while unknown.</summary>
    public double Longest;

    /// <summary>Mean age of the running tasks, s.</summary>
    public double Age;

    /// <summary>Wall so far, s.</summary>
    public double Wall;

    /// <summary>Seconds of the run's waiting that were its own.</summary>
    public double Waited;

    /// <summary>Whether a declared wait is open in it.</summary>
    public bool IsWaiting;

    /// <summary>Predicted wall still to come by the estimate that votes, s.</summary>
    public double Part;

    /// <summary>Predicted wall still to come, s: the votes' weighted sum, then mean.</summary>
    public double Remaining;

    /// <summary>Share of the predicted run, 0..1: the votes' weighted sum, then mean.</summary>
    public double Share;

    /// <summary>Tasks worked, reported parts of tasks included.</summary>
    public readonly double Progress => Done + Partial;

    public readonly bool IsDone => Done >= Expected;
}
