using System.Globalization;
using ProgressTelemetry.Tests.Estimation;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.Tests.Tracking;

/// <summary>What the public tracker says of a recorded run is what the plain reference implementation says, number by number.</summary>
public class ExpectedCsvThroughTrackerTests
{
    private const double RelativeTolerance = 1e-6;

    /// <summary>The reference's numbers are written with six decimals, and times here have 100 ns.</summary>
    private const double AbsoluteTolerance = 1e-6;

    /// <summary>One group for all when the folder is not here: the theory is then skipped, and says so once.</summary>
    public static TheoryData<string> RecordedTraces => Directory.Exists(RecordedFolder) ? [.. Groups(RecordedFolder).Keys] : ["shared/eta"];

    public static TheoryData<string> OwnTraces => [.. Groups(OwnFolder).Keys];

    private static string RecordedFolder => Path.Combine(RealParts.SharedFolder, "eta", "method2");

    private static string OwnFolder => Path.Combine(RealParts.RepositoryRoot, "tests/ProgressTelemetry.Tests/Estimation");

    [RealPartTheory("shared/eta")]
    [MemberData(nameof(RecordedTraces))]
    public void Estimate_RecordedTrace_AgreesWithReference(string group) => Check(RecordedFolder, group);

    [Theory]
    [MemberData(nameof(OwnTraces))]
    public void Estimate_OwnTrace_AgreesWithReference(string group) => Check(OwnFolder, group);

    private static void Check(string folder, string group)
    {
        var rows = Groups(folder)[group];
        var history = rows[0][1].Split(' ', StringSplitOptions.RemoveEmptyEntries);

        // The blended columns see the earlier runs, the cold one sees none.
        CheckColumns(folder, rows, history, remembered: 5, [("expected", 7), ("low", 8), ("high", 9)]);
        if (history.Length > 0)
        {
            CheckColumns(folder, rows, history, remembered: 0, [("expected", 6)]);
        }
        else
        {
            Assert.All(rows, row => Assert.Equal(row[6], row[7]));
        }
    }

    private static void CheckColumns(string folder, List<string[]> rows, string[] history, int remembered, (string Name, int Column)[] columns)
    {
        var clock = new ManualTimeProvider();
        using var tracker = new ProgressTracker(new ProgressTrackingOptions { HistoryPerWorkflow = remembered }, clock);
        foreach (var earlier in history)
        {
            new TracePlayer(clock, tracker).Play(Read(folder, earlier), new WorkflowRunOptions());
        }

        var next = 0;
        new TracePlayer(clock, tracker).Play(Read(folder, rows[0][0]), new WorkflowRunOptions(), rows.Select(row => Number(row[2])), (share, run) =>
        {
            var row = rows[next++];
            Assert.Equal(Number(row[2]), share);
            var status = run.GetStatus();
            Near(Number(row[4]), status.Elapsed, "elapsed", share);
            if (row[7].Length == 0)
            {
                Assert.Null(status.Estimate);
                return;
            }

            Assert.NotNull(status.Estimate);
            if (remembered > 0 && row.Length > 10)
            {
                Assert.Equal(row[10], status.Bottleneck?.Stage);
            }

            foreach (var (name, column) in columns)
            {
                var remaining = name switch { "low" => status.Estimate.RemainingLow, "high" => status.Estimate.RemainingHigh, _ => status.Estimate.Remaining };
                Near(Number(row[column]), status.Elapsed + remaining, name, share);
            }
        });
        Assert.Equal(rows.Count, next);
    }

    private static void Near(double expected, TimeSpan actual, string what, double share) => Assert.True(
        Math.Abs(actual.TotalSeconds - expected) <= AbsoluteTolerance + (RelativeTolerance * Math.Abs(expected)),
        $"{what} at {share}: {actual.TotalSeconds} instead of {expected}");

    private static Dictionary<string, List<string[]>> Groups(string folder) => File.ReadLines(Path.Combine(folder, "expected.csv")).Skip(1)
        .Select(line => line.Split(','))
        .GroupBy(row => $"{row[0]} after [{row[1]}]", StringComparer.Ordinal)
        .ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);

    /// <summary>The recorded traces lie beside the folder of the method.</summary>
    private static Trace Read(string folder, string name) => Trace.Read(Path.Combine(folder == RecordedFolder ? Path.Combine(folder, "..") : folder, "traces", name));

    private static double Number(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);
}
