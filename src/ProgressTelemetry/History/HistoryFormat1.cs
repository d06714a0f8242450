using ProgressTelemetry.Model;
using System.Text.Json;

namespace ProgressTelemetry.History;

/// <summary>What the first format wrote: four points of each stage's curve, by name. It is read for as long as files of it may be about, and never written.</summary>
internal sealed record HistoryFormat1(IReadOnlyList<HistoryFormat1.Entry?>? Workflows)
{
    /// <summary>Where the four points lie among the nine.</summary>
    private static readonly int[] _knots = [0, 3, 4, 5];

    /// <summary>The same in the present format.</summary>
    /// <exception cref="JsonException">Something is missing or out of range.</exception>
    public HistoryFile ToCurrent() => new()
    {
        Format = HistoryFile.CurrentFormat,
        Workflows = [.. (Workflows ?? throw Incomplete()).Select(w => new HistoryFileEntry
        {
            Workflow = w?.Workflow ?? throw Incomplete(),
            Profiles = [.. (w.Profiles ?? throw Incomplete()).Select(ToCurrent)],
        })],
    };

    private static JsonException Incomplete() => new("A workflow or a profile in the file is incomplete.");

    private static RunProfile ToCurrent(Run? run) => new()
    {
        Version = run?.Version,
        Tasks = run?.Tasks ?? throw Incomplete(),
        DurationSeconds = run.DurationSeconds,
        LongestSilenceSeconds = run.LongestSilenceSeconds,
        WaitSeconds = run.WaitSeconds,
        IdleSeconds = run.IdleSeconds,
        Stages = [.. (run.Stages ?? throw Incomplete()).Select(ToCurrent)],
    };

    private static StageProfile ToCurrent(Stage? stage) => new()
    {
        Name = stage?.Name ?? throw Incomplete(),
        Tasks = stage.Tasks >= 1 ? stage.Tasks : throw Incomplete(),
        MeanSeconds = stage.MeanSeconds,
        LongestSeconds = stage.LongestSeconds,
        WallSeconds = stage.WallSeconds,
        WaitSeconds = stage.WaitSeconds,
        WallShares = SharesOf(stage),
    };

    /// <summary>The nine points of the line through the four, which lie where the same ones of the nine do: on them it is the same line.</summary>
    private static double[] SharesOf(Stage stage)
    {
        double[] four = [stage.WallShareAtFirst, stage.WallShareAt25, stage.WallShareAt50, stage.WallShareAt75];
        List<(double X, double Y)> line = [(0, 0)];
        for (var i = 0; i < four.Length; i++)
        {
            var x = (double)KnotPlacement.Due(_knots[i], stage.Tasks) / stage.Tasks;
            if (x > line[^1].X && x < 1)
                line.Add((x, four[i]));
        }

        line.Add((1, 1));
        return [.. Enumerable.Range(0, KnotPlacement.Count).Select(knot => At((double)KnotPlacement.Due(knot, stage.Tasks) / stage.Tasks))];

        double At(double x)
        {
            var i = line.FindIndex(point => point.X >= x);
            var (from, to) = (line[i - 1], line[i]);
            return from.Y + ((to.Y - from.Y) * (x - from.X) / (to.X - from.X));
        }
    }

    internal sealed record Entry(string? Workflow, IReadOnlyList<Run?>? Profiles);

    internal sealed record Run(
        string? Version, long Tasks, double DurationSeconds, double LongestSilenceSeconds, double WaitSeconds, double IdleSeconds, IReadOnlyList<Stage?>? Stages);

    internal sealed record Stage(
        string? Name, long Tasks, double MeanSeconds, double LongestSeconds, double WallSeconds, double WaitSeconds,
        double WallShareAtFirst, double WallShareAt25, double WallShareAt50, double WallShareAt75);
}
