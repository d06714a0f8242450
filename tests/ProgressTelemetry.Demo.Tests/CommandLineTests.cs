using System.Text.Json;
using Xunit;

namespace ProgressTelemetry.Demo.Tests;

/// <summary>The commands as their users run them, each in a process of its own.</summary>
public sealed class CommandLineTests : IDisposable
{
    private const string Trace = "t,event,task,stage,parents\n0,start,1,load,\n4,complete,1,load,\n4,start,2,save,1\n10,complete,2,save,\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Unrecognized command or argument '--bogus'", "--bogus")]
    [InlineData("Directory does not exist", "catalog", "/no/such/folder")]
    [InlineData("share a run by a store", "catalog", "/", "--workers", "4")]
    [InlineData("Option '--store' is required", "page")]
    [InlineData("must end in .html, .md or .json", "catalog", "/", "--report", "r.pdf")]
    [InlineData("the folder '/no/such' does not exist", "catalog", "/", "--report", "/no/such/r.md")]
    [InlineData("not a number over 0", "serve", "--speed", "x")]
    [InlineData("not a number over 0", "--speed", "0")]
    [InlineData("not a whole number", "serve", "--milestones", "1.5")]
    [InlineData("not an address", "serve", "--urls", "localhost")]
    [InlineData("not recognized", "serve", "--scenario", "bogus")]
    [InlineData("needs --run-id", "serve", "--scenario", "join", "--share", "1/2")]
    [InlineData("not a share", "serve", "--share", "3/2")]
    [InlineData("'max' or a number", "replay", "t.csv", "--speed", "-1")]
    [InlineData("no-such.csv: there is no such file", "replay", "no-such.csv")]
    [InlineData("'bogus' not recognized", "replay", "t.csv", "--format", "bogus")]
    [InlineData("One FILE is replayed at a time", "replay", "a.csv", "b.csv")]
    [InlineData("--speed goes with a replay", "replay", "a.csv", "--learn", "h.json", "--speed", "2")]
    public async Task Run_BadUsage_SaysWhatIsWrongAndReturns2(string message, params string[] arguments)
    {
        var (code, output, error) = await DemoProcess.RunAsync(arguments);

        Assert.Equal((2, ""), (code, output));
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_NamesTheCommands()
    {
        var (code, output, _) = await DemoProcess.RunAsync("--help");

        Assert.Equal(0, code);
        Assert.All(["serve", "catalog <DIR>", "replay <FILE>", "--urls", "http://127.0.0.1:5080"], text => Assert.Contains(text, output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Catalog_UnreadableFile_NamesItDoesTheRestAndReturns1()
    {
        _folder.Write("in/good.txt", "good");
        File.CreateSymbolicLink(_folder.PathTo("in", "dangling"), "nowhere");

        var (code, output, error) = await DemoProcess.RunAsync("catalog", _folder.PathTo("in"), "--output", _folder.PathTo("c.csv"), "--report", _folder.PathTo("r.json"));

        Assert.Equal(1, code);
        Assert.Contains("1 files, 4 bytes", output, StringComparison.Ordinal);
        Assert.Contains("1 could not be read:\n  dangling: ", error, StringComparison.Ordinal);
        Assert.Equal(2, (await File.ReadAllLinesAsync(_folder.PathTo("c.csv"))).Length);
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(_folder.PathTo("r.json")));
    }

    [Theory]
    [InlineData("html", "<")]
    [InlineData("md", "# ")]
    [InlineData("json", "{")]
    public async Task Catalog_ReadableFolder_Returns0AndWritesTheReportAsAsked(string extension, string start)
    {
        _folder.Write("in/good.txt", "good");

        var (code, _, error) = await DemoProcess.RunAsync("catalog", _folder.PathTo("in"), "-o", _folder.PathTo("c.csv"), "--report", _folder.PathTo($"r.{extension}"));

        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith(start, (await File.ReadAllTextAsync(_folder.PathTo($"r.{extension}"))).TrimStart(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_Max_WritesPredictionsAndReport()
    {
        var trace = _folder.Write("t.csv", Trace);

        var (code, output, error) = await DemoProcess.RunAsync(
            "replay", trace, "--history", trace, trace, "--speed", "max", "--predictions", _folder.PathTo("p.csv"), "--report", _folder.PathTo("r.md"));

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("2 of 2 tasks in 2 stages, 10 s, succeeded", output, StringComparison.Ordinal);
        var lines = await File.ReadAllLinesAsync(_folder.PathTo("p.csv"));
        Assert.Equal("share,t_s,expected_s,low_s,high_s,bottleneck", lines[0]);
        Assert.Equal(9, lines.Length - 1);
        Assert.All(lines.Skip(1), line => Assert.Matches(@"^0\.\d,\d+\.\d{6,},\d+\.\d{6,},\d+\.\d{6,},\d+\.\d{6,},(load|save|dispatch|waiting|)$", line));
        Assert.True(File.Exists(_folder.PathTo("r.md")));
    }

    [Fact]
    public async Task Replay_MalformedTraceOrHistory_NamesFileLineAndReason()
    {
        var good = _folder.Write("good.csv", Trace);
        var bad = _folder.Write("bad.csv", Trace + "11,complete,2,save,\n");

        var (code, output, error) = await DemoProcess.RunAsync("replay", good, "--history", bad, "--predictions", _folder.PathTo("p.csv"));

        Assert.Equal((2, "", $"{bad}:6: task '2' completes twice\n"), (code, output, error));
        Assert.False(File.Exists(_folder.PathTo("p.csv")));
    }

    [Fact]
    public async Task Replay_RetriesFailuresSkipsAndWaits_SaysWhatCame()
    {
        var trace = _folder.Write("real.csv", "T,Event,Task,Stage\n1767225600,skip,1,load\n1767225600,start,2,load\n1767225604,fail,2,load\n1767225606,start,2,load\n1767225610,complete,2,load\n1767225610,wait,,gate\n1767225630,resume,,gate\n1767225630,start,3,save\n1767225640,fail,3,save\n");

        var (code, output, error) = await DemoProcess.RunAsync("replay", trace);

        Assert.Equal((0, $"{trace}: it has no column 'parents', so what the stages need is not known\n"), (code, error));
        Assert.Contains("real: 3 of 3 tasks in 3 stages, 1 failed, 1 skipped, 1 retried, 40 s, failed", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_JenkinsStages_AreToldByTheirContentAndNamesWhatTheyDoNotSay()
    {
        var trace = _folder.Write("build.json", """{ "status": "SUCCESS", "startTimeMillis": 1775548800000, "stages": [{ "id": "6", "name": "Build", "status": "SUCCESS", "startTimeMillis": 1775548801000, "durationMillis": 9000 }] }""");

        var (code, output, error) = await DemoProcess.RunAsync("replay", trace);

        Assert.Equal(0, code);
        Assert.StartsWith($"{trace}: Jenkins' stages do not say which needs which", error, StringComparison.Ordinal);
        Assert.Contains("build: 1 of 1 tasks in 1 stages, 10 s, succeeded", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_Learn_WritesAHistoryThatATrackerBeginsWith()
    {
        var (first, second, failed) = (_folder.Write("1.csv", Trace), _folder.Write("2.csv", Trace.Replace("10,", "20,", StringComparison.Ordinal)), _folder.Write("3.csv", "t,event,task,stage,parents\n0,start,1,load,\n1,fail,1,load,\n"));

        var (code, output, error) = await DemoProcess.RunAsync("replay", first, second, failed, "--learn", _folder.PathTo("h.json"), "--workflow", "nightly");

        Assert.Equal((0, $"{failed}: nothing is learned from it, as the run did not end well\n"), (code, error));
        Assert.StartsWith("nightly: learned from 2 of 3 runs: ", output, StringComparison.Ordinal);
        await using var history = new FileRunHistory(_folder.PathTo("h.json"));
        Assert.Equal([20, 10], history.GetProfiles("nightly").Select(p => p.DurationSeconds));
    }

    [Fact]
    public async Task Replay_LearnFromNothingThatEndedWell_Returns1()
    {
        var failed = _folder.Write("t.csv", "t,event,task,stage,parents\n0,start,1,load,\n1,fail,1,load,\n");

        var (code, output, _) = await DemoProcess.RunAsync("replay", failed, "--learn", _folder.PathTo("h.json"));

        Assert.Equal(1, code);
        Assert.Contains("learned from 0 of 1 runs", output, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.PathTo("h.json")));
    }

    [Fact]
    public async Task Replay_AtSpeed_ServesMeanwhile()
    {
        var trace = _folder.Write("t.csv", Trace);
        using var demo = DemoProcess.Start("replay", trace, "--history", trace, "--speed", "20", "--stay", "--urls", "http://127.0.0.1:0");
        using var client = new HttpClient { BaseAddress = await demo.AddressAsync() };
        await demo.LineAsync("2 of 2 tasks in 2 stages");

        var metrics = await client.GetStringAsync("metrics");

        Assert.Matches(@"(?m)^workflow_stage_tasks_total\{.*workflow_name=""t"".*workflow_stage_name=""load"".*workflow_task_result=""success"".*\} 1$", metrics);
        Assert.Matches(@"(?m)^workflow_run_tasks_completed\{.*workflow_name=""t"".*\} 2$", metrics);
        Assert.Equal(0, (await demo.StopAsync()).ExitCode);
    }
}
