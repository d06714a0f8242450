using System.Globalization;
using ProgressTelemetry.Estimation;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.Tests.Estimation;

/// <summary>The estimator agrees with the plain reference implementation, number by number. History is listed in the order in which the runs ended, the newest last.</summary>
public class ReferenceTests
{
    private const double RelativeTolerance = 1e-6;

    /// <summary>The reference's numbers are written with six decimals.</summary>
    private const double WrittenTolerance = 1e-6;

    public static TheoryData<string> OwnTraces => [.. Groups(OwnFolder).Keys];

    /// <summary>One group for all when the folder is not here: the theory is then skipped, and says so once.</summary>
    public static TheoryData<string> RecordedTraces => Directory.Exists(RecordedFolder) ? [.. Groups(RecordedFolder).Keys] : ["shared/eta"];

    private static string OwnFolder => Path.Combine(RealParts.RepositoryRoot, "tests/ProgressTelemetry.Tests/Estimation");

    private static string RecordedFolder => Path.Combine(RealParts.SharedFolder, "eta", "method2");

    [Theory]
    [MemberData(nameof(OwnTraces))]
    public void Predict_OwnTrace_AgreesWithReference(string group)
    {
        Check(OwnFolder, group, opensStages: false);
        Check(OwnFolder, group, opensStages: true);
    }

    [RealPartTheory("shared/eta")]
    [MemberData(nameof(RecordedTraces))]
    public void Predict_RecordedTrace_AgreesWithReference(string group)
    {
        Check(RecordedFolder, group, opensStages: false);
        Check(RecordedFolder, group, opensStages: true);
    }

    private static Dictionary<string, List<string[]>> Groups(string folder) => File.ReadLines(Path.Combine(folder, "expected.csv")).Skip(1)
        .Select(line => line.Split(','))
        .GroupBy(row => $"{row[0]} after [{row[1]}]", StringComparer.Ordinal)
        .ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);

    private static void Check(string folder, string group, bool opensStages)
    {
        var rows = Groups(folder)[group];
        var history = rows[0][1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => Read(folder, name).Profile()).Reverse().ToArray();
        var next = 0;
        Read(folder, rows[0][0]).Replay(rows.Select(row => Number(row[2])), (share, t, run) =>
        {
            var row = rows[next++];
            Assert.Equal(Number(row[2]), share);
            Near(Number(row[4]), t, "t");
            if (run.Predict(t, []) is not { } cold || run.Predict(t, history) is not { } blended)
            {
                Assert.Equal("", row[7]);
                return;
            }

            Near(Number(row[6]), cold.Expected, "cold");
            Near(Number(row[7]), blended.Expected, "expected");
            Near(Number(row[8]), blended.Low, "low");
            Near(Number(row[9]), blended.High, "high");
            if (row.Length > 10)
                Assert.Equal(row[10], run.FindBottleneck(t, history).Stage);

            void Near(double expected, double actual, string what) => Assert.True(
                Math.Abs(actual - expected) <= WrittenTolerance + (RelativeTolerance * Math.Abs(expected)), $"{what} at {share}: {actual} instead of {expected}");
        }, opensStages: opensStages);
        Assert.Equal(rows.Count, next);
    }

    /// <summary>The recorded traces lie beside the folder of the method.</summary>
    private static Trace Read(string folder, string name) => Trace.Read(Path.Combine(folder == RecordedFolder ? Path.Combine(folder, "..") : folder, "traces", name));

    private static double Number(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);
}
