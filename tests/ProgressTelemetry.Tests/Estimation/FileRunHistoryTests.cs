using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using ProgressTelemetry.History;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.Tests.Estimation;

/// <summary>The history that outlives its process.</summary>
public sealed class FileRunHistoryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("run-history-").FullName;
    private readonly RecordingLogger _log = new();

    private string HistoryPath => Path.Combine(_folder, "deeper", "history.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void GetProfiles_AfterRestart_AreWhatWasAdded()
    {
        using (var before = Open())
        {
            for (var i = 1; i <= 7; i++)
                before.Add("w", Profiles.Of(i));
            before.Add("other", Profiles.Of(8));
        }

        using var after = Open();
        Assert.Equal([7, 6, 5, 4, 3], after.GetProfiles("w").Select(p => p.DurationSeconds));
        var (expected, actual) = (Profiles.Of(8), Assert.Single(after.GetProfiles("other")));
        Assert.Equivalent(expected.Stages, actual.Stages, strict: true);
        Assert.Equal((expected.Version, expected.Tasks, expected.WorkedTasks, expected.LongestSilenceSeconds, expected.WaitSeconds),
            (actual.Version, actual.Tasks, actual.WorkedTasks, actual.LongestSilenceSeconds, actual.WaitSeconds));
        Assert.Empty(_log.Events);
    }

    [Fact]
    public async Task FlushAsync_AfterAdditions_LeavesOnlyTheWholeFile()
    {
        await using var history = Open();
        for (var i = 1; i <= 50; i++)
            history.Add($"w{i}", Profiles.Of(i));
        await history.FlushAsync();
        Assert.Equal([HistoryPath, HistoryPath + HistoryFileStore.LockSuffix], Directory.GetFiles(Path.GetDirectoryName(HistoryPath)!).Order(StringComparer.Ordinal));
        Assert.Equal(50, HistoryFile.Parse(await File.ReadAllBytesAsync(HistoryPath)).Workflows.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"format\":1,\"workfl")]
    [InlineData("{\"format\":1}")]
    [InlineData("{\"format\":3,\"workflows\":[]}")]
    [InlineData("{\"format\":1,\"workflows\":null}")]
    [InlineData("{\"format\":1,\"workflows\":[null]}")]
    [InlineData("{\"format\":2}")]
    [InlineData("{\"format\":2,\"workflows\":null}")]
    [InlineData("{\"format\":2,\"workflows\":[null]}")]
    [InlineData("{\"format\":2,\"workflows\":[{\"workflow\":\"w\",\"profiles\":[{\"tasks\":1,\"durationSeconds\":1,\"stages\":[null]}]}]}")]
    [InlineData("{\"format\":2,\"workflows\":[{\"workflow\":\"w\",\"profiles\":[{\"tasks\":1,\"workedTasks\":2,\"durationSeconds\":1,\"stages\":[]}]}]}")]
    [InlineData("{\"format\":2,\"workflows\":[{\"workflow\":\"w\",\"profiles\":[{\"tasks\":1,\"durationSeconds\":1,\"stages\":[{\"name\":\"s\",\"tasks\":1,\"meanSeconds\":1,\"wallSeconds\":1,\"wallShares\":[1]}]}]}]}")]
    [InlineData("{\"format\":1,\"workflows\":[{\"workflow\":\"\",\"profiles\":[]}]}")]
    [InlineData("{\"format\":1,\"workflows\":[{\"workflow\":\"w\",\"profiles\":[null]}]}")]
    [InlineData("{\"format\":1,\"workflows\":[{\"workflow\":\"w\",\"profiles\":[{\"tasks\":0,\"durationSeconds\":1,\"stages\":[]}]}]}")]
    [InlineData("{\"format\":1,\"workflows\":[{\"workflow\":\"w\",\"profiles\":[{\"tasks\":1,\"durationSeconds\":-1,\"stages\":[]}]}]}")]
    [InlineData("{\"format\":1,\"workflows\":[{\"workflow\":\"w\",\"profiles\":[{\"tasks\":1,\"durationSeconds\":1,\"stages\":[null]}]}]}")]
    public void Constructor_FileNotUnderstood_IsSetAsideAndReported(string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(HistoryPath)!);
        File.WriteAllText(HistoryPath, content);
        using (var history = Open())
        {
            Assert.Empty(history.GetProfiles("w"));
            history.Add("w", Profiles.Of(1));
        }

        Assert.Equal(["progress.history.set_aside"], _log.Events);
        Assert.Equal(content, File.ReadAllText(HistoryPath + HistoryFileStore.SetAsideSuffix));
        using var again = Open();
        Assert.Single(again.GetProfiles("w"));
    }

    [Fact]
    public void Constructor_AnyBytesFlippedInAFile_NeverThrows()
    {
        var whole = HistoryFile.Write([new("w", [Profiles.Of(1)])], long.MaxValue);
        Directory.CreateDirectory(Path.GetDirectoryName(HistoryPath)!);
        var random = new Random(7);
        for (var i = 0; i < 300; i++)
        {
            var damaged = whole.ToArray();
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(HistoryPath, damaged);
            using var history = Open();
            Assert.All(history.GetProfiles("w"), p => Assert.True(p.IsValid));
        }

        Assert.Contains("progress.history.set_aside", _log.Events);
    }

    [Fact]
    public void Constructor_FileLargerThanAllowed_IsSetAside()
    {
        using (var history = Open())
            history.Add("w", Profiles.Of(1));
        using var small = new FileRunHistory(HistoryPath, maxFileBytes: 10, logger: _log);
        Assert.Empty(small.GetProfiles("w"));
        Assert.Equal(["progress.history.set_aside"], _log.Events);
    }

    [Fact]
    public void Add_MoreThanFitsIntoTheFile_KeepsTheNewestWorkflows()
    {
        const long MaxBytes = 20_000;
        using (var history = new FileRunHistory(HistoryPath, maxFileBytes: MaxBytes, logger: _log))
        {
            for (var i = 0; i < 100; i++)
                history.Add($"w{i}", Profiles.Of(i));
        }

        Assert.InRange(new FileInfo(HistoryPath).Length, 1, MaxBytes);
        using var after = new FileRunHistory(HistoryPath, maxFileBytes: MaxBytes, logger: _log);
        Assert.Single(after.GetProfiles("w99"));
        Assert.Empty(after.GetProfiles("w0"));
        Assert.Empty(_log.Events);
    }

    [Fact]
    public async Task Add_TwoHistoriesOnOneFile_BothAreKeptAndBothKnowAll()
    {
        await using FileRunHistory one = Open(), two = Open();
        one.Add("first", Profiles.Of(1));
        await one.FlushAsync();
        two.Add("second", Profiles.Of(2));
        two.Add("first", Profiles.Of(3));
        await two.FlushAsync();
        one.Add("third", Profiles.Of(4));
        await one.FlushAsync();
        using var after = Open();
        foreach (var history in new[] { one, after })
        {
            Assert.Equal([3, 1], history.GetProfiles("first").Select(p => p.DurationSeconds));
            Assert.Equal([2, 4], new[] { "second", "third" }.Select(w => Assert.Single(history.GetProfiles(w)).DurationSeconds));
        }

        Assert.Empty(_log.Events);
    }

    [Fact]
    public async Task Add_FileDeletedMeanwhile_IsWrittenWithAllThatIsRemembered()
    {
        await using var history = Open();
        history.Add("a", Profiles.Of(1));
        await history.FlushAsync();
        File.Delete(HistoryPath);
        history.Add("a", Profiles.Of(2));
        history.Add("b", Profiles.Of(3));
        await history.FlushAsync();
        using var after = Open();
        Assert.Equal([2, 1], after.GetProfiles("a").Select(p => p.DurationSeconds));
        Assert.Single(after.GetProfiles("b"));
    }

    [Fact]
    public async Task FlushAsync_FileThatCannotBeReadNow_IsNotReplacedAndMergedLater()
    {
        await using FileRunHistory one = Open(), two = Open();
        two.Add("other", Profiles.Of(1));
        await two.FlushAsync();
        using (new FileStream(HistoryPath, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            one.Add("w", Profiles.Of(2));
            await one.FlushAsync();
        }

        Assert.Equal(["progress.history.not_written"], _log.Events);
        await one.FlushAsync();
        using var after = Open();
        Assert.Single(after.GetProfiles("other"));
        Assert.Single(after.GetProfiles("w"));
    }

    /// <summary>Two processes of their own write to one file at once.</summary>
    [RealPartFact("dotnet")]
    public async Task Add_TwoProcesses_BothAreKept()
    {
        Process[] writers = [StartWriter("one", 25), StartWriter("two", 25)];
        foreach (var writer in writers)
        {
            using (writer)
            {
                await writer.StandardOutput.ReadToEndAsync();
                await writer.WaitForExitAsync();
            }
        }

        using var after = Open();
        foreach (var workflow in new[] { "one", "two" })
            Assert.Equal([25, 24, 23, 22, 21], after.GetProfiles(workflow).Select(p => p.DurationSeconds));
        var both = after.GetProfiles("both").Select(p => p.DurationSeconds).ToList();
        Assert.Equal(InMemoryRunHistory.DefaultProfilesPerWorkflow, both.Count);
        Assert.Equal(25, both[0]);
        Assert.Empty(_log.Events);
    }

    [Fact]
    public void Add_FolderCannotBeMade_IsReportedAndRemembered()
    {
        File.WriteAllText(Path.Combine(_folder, "deeper"), "a file where the folder should be");
        using (var history = Open())
        {
            history.Add("w", Profiles.Of(1));
            Assert.Single(history.GetProfiles("w"));
        }

        Assert.NotEmpty(_log.Events);
        Assert.All(_log.Events, e => Assert.Equal("progress.history.not_written", e));
    }

    [Fact]
    public async Task FlushAsync_AfterTheObstacleIsGone_WritesWhatCouldNotBeWritten()
    {
        var obstacle = Path.Combine(_folder, "deeper");
        await File.WriteAllTextAsync(obstacle, "");
        await using var history = Open();
        history.Add("w", Profiles.Of(1));
        await history.FlushAsync();
        File.Delete(obstacle);
        await history.FlushAsync();
        Assert.True(File.Exists(HistoryPath));
    }

    [Fact]
    public void Constructor_UnfinishedFileOfAKilledWriter_IsRemovedOnceOld()
    {
        using (var history = Open())
            history.Add("w", Profiles.Of(1));
        var (old, young) = (HistoryPath + ".1.tmp", HistoryPath + ".2.tmp");
        File.WriteAllText(old, "{");
        File.WriteAllText(young, "{");
        File.SetLastWriteTimeUtc(old, DateTime.UnixEpoch);
        using var after = Open();
        Assert.Single(after.GetProfiles("w"));
        Assert.False(File.Exists(old));
        Assert.True(File.Exists(young));
    }

    /// <summary>A process of its own writes without pause and is killed at some moment, again and again.</summary>
    [RealPartFact("dotnet")]
    public async Task KilledWhileWriting_LeavesTheOldFileOrTheNewOneWhole()
    {
        for (var i = 0; i < 3; i++)
        {
            using var writer = StartWriter("w", int.MaxValue);
            for (var written = 0; written < 3 + i; written++)
                Assert.NotNull(await writer.StandardOutput.ReadLineAsync());
            writer.Kill();
            await writer.WaitForExitAsync();

            using var after = Open();
            Assert.Equal(HistoryWriterProcess.Stages, Assert.IsType<RunProfile>(after.GetProfiles("w")[0]).Stages.Count);
            Assert.Empty(_log.Events);
        }
    }

    private Process StartWriter(string workflow, int runs)
    {
        var start = new ProcessStartInfo(RealParts.FindProgram("dotnet")!, [typeof(HistoryWriterProcess).Assembly.Location]) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment[HistoryWriterProcess.PathVariable] = HistoryPath;
        start.Environment[HistoryWriterProcess.WorkflowVariable] = workflow;
        start.Environment[HistoryWriterProcess.RunsVariable] = runs.ToString(CultureInfo.InvariantCulture);
        return Process.Start(start)!;
    }

    private FileRunHistory Open() => new(HistoryPath, logger: _log);

    private sealed class RecordingLogger : ILogger<FileRunHistory>
    {
        private readonly Lock _gate = new();
        private readonly List<string> _events = [];

        public IReadOnlyList<string> Events
        {
            get
            {
                lock (_gate)
                    return [.. _events];
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_gate)
                _events.Add(eventId.Name!);
        }
    }
}
