using ProgressTelemetry.Estimation;
using ProgressTelemetry.TestSupport;
using Xunit;
using Xunit.Abstractions;

namespace ProgressTelemetry.Tests.Estimation;

/// <summary>How restless the forecast is: the mean change of the predicted end from one tenth of a run to the next, as a share of its duration.</summary>
public class JitterTests(ITestOutputHelper output)
{
    /// <summary>What the first version of the method had over the same traces, with the other run of the workflow as history where there is one, and in all.</summary>
    private const double FirstWithHistory = .1245, FirstInAll = .1719;

    private static readonly Dictionary<string, string> _pairs = new(StringComparer.Ordinal)
    {
        ["blast-chameleon-large-001"] = "blast-chameleon-large-002",
        ["blast-chameleon-large-002"] = "blast-chameleon-large-001",
        ["soykb-chameleon-10fastq-10ch-001"] = "soykb-chameleon-20fastq-10ch-001",
        ["soykb-chameleon-20fastq-10ch-001"] = "soykb-chameleon-10fastq-10ch-001",
    };

    private static string Folder => Path.Combine(RealParts.SharedFolder, "eta", "traces");

    [RealPartFact("shared/eta")]
    public void Predict_RecordedTraces_EndMovesLessThanInTheFirstVersion()
    {
        var cold = Directory.GetFiles(Folder, "*.csv").SelectMany(path => Changes(Trace.Read(path), [])).ToList();
        var known = Directory.GetFiles(Folder, "*.csv").SelectMany(ChangesWithHistory).ToList();
        var (withHistory, inAll) = (known.Average(), cold.Concat(known).Average());
        output.WriteLine($"cold {cold.Average():0.0000}, with history {withHistory:0.0000} (first version {FirstWithHistory}), in all {inAll:0.0000} (first version {FirstInAll})");
        Assert.InRange(withHistory, 0, .75 * FirstWithHistory);
        Assert.InRange(inAll, 0, .95 * FirstInAll);
    }

    private static IEnumerable<double> ChangesWithHistory(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var replay = Path.GetExtension(name);
        return _pairs.TryGetValue(Path.GetFileNameWithoutExtension(name), out var pair)
            ? Changes(Trace.Read(path), [Trace.Read(Path.Combine(Folder, $"{pair}{replay}.csv")).Profile()])
            : [];
    }

    private static List<double> Changes(Trace trace, RunProfile[] history)
    {
        var ends = new List<double>();
        trace.Replay(Enumerable.Range(1, 9).Select(tenth => tenth / 10.0), (_, t, run) => ends.Add(run.Predict(t, history)!.Value.Expected));
        return [.. ends.Zip(ends.Skip(1), (before, after) => Math.Abs(after - before) / trace.Duration)];
    }
}
