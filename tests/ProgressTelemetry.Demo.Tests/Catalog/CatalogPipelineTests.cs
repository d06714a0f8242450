using System.Diagnostics;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using ProgressTelemetry.Demo.Pipelines.Catalog;
using Xunit;

namespace ProgressTelemetry.Demo.Tests.Catalog;

public sealed class CatalogPipelineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ProgressTracker _tracker = new();

    public void Dispose()
    {
        _tracker.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task RunAsync_ReadableFolder_CatalogsEveryFileInOrder()
    {
        _folder.Write("in/b.txt", "one two\nthree\n");
        _folder.Write("in/a, b.txt", "no line break");
        _folder.Write("in/deep/er/copy.txt", "one two\nthree\n");
        _folder.Write("in/.hidden", "");
        File.WriteAllBytes(_folder.PathTo("in", "z.bin"), [1, 0, 2]);

        var (result, status) = await CatalogAsync();

        Assert.Equal(new CatalogResult(5, 44, 4, 5, 1, result.Unreadable), result);
        Assert.Empty(result.Unreadable);
        Assert.Equal(
            [
                "path,size,sha256,text,lines,words",
                $".hidden,0,{Hash("")},yes,0,0",
                $"\"a, b.txt\",13,{Hash("no line break")},yes,1,3",
                $"b.txt,14,{Hash("one two\nthree\n")},yes,2,3",
                $"z.bin,3,{Convert.ToHexStringLower(SHA256.HashData([1, 0, 2]))},no,0,0",
                $"deep/er/copy.txt,14,{Hash("one two\nthree\n")},yes,2,3",
            ],
            await File.ReadAllLinesAsync(_folder.PathTo("catalog.csv")));
        Assert.Equal(WorkflowState.Succeeded, status.State);
        Assert.Equal(["discover", "read", "hash", "analyse", "write"], status.Stages.Select(s => s.Name));
        Assert.All(status.Stages, s => Assert.Equal((5, 5L, WorkflowState.Succeeded), (s.CompletedTasks, s.ExpectedTasks, s.State)));
        Assert.Equal(1, status.Stages[3].SkippedTasks);
        Assert.Equal(4, status.Milestones.Count(m => m.ReachedAt is not null));
    }

    [Fact]
    public async Task RunAsync_SomethingUnreadable_NamesEachAndDoesTheRest()
    {
        _folder.Write("in/good.txt", "good");
        File.CreateSymbolicLink(_folder.PathTo("in", "dangling"), "nowhere");
        File.CreateSymbolicLink(_folder.PathTo("in", "circle"), "circle");
        using (var mkfifo = Process.Start("mkfifo", _folder.PathTo("in", "pipe")))
        {
            await mkfifo.WaitForExitAsync();
        }

        var (result, status) = await CatalogAsync();

        Assert.Equal(["circle", "dangling", "pipe"], result.Unreadable.Select(u => u.Name));
        Assert.Contains("pipe, not a file", result.Unreadable[2].Reason, StringComparison.Ordinal);
        Assert.Equal(1, result.Files);
        Assert.Equal(2, (await File.ReadAllLinesAsync(_folder.PathTo("catalog.csv"))).Length);
        Assert.Equal((WorkflowState.Failed, "unreadable_files"), (status.State, status.ErrorType));
        Assert.Equal((4L, 3L), (status.Stages[1].CompletedTasks, status.Stages[1].FailedTasks));
        Assert.Equal((4L, 3L), (status.Stages[2].CompletedTasks, status.Stages[2].SkippedTasks));
    }

    [UnprivilegedFact]
    [UnsupportedOSPlatform("windows")]
    public async Task RunAsync_NoPermission_NamesFileAndFolder()
    {
        File.SetUnixFileMode(_folder.Write("in/secret.txt", "x"), UnixFileMode.None);
        _folder.Write("in/locked/inside.txt", "x");
        File.SetUnixFileMode(_folder.PathTo("in", "locked"), UnixFileMode.None);
        try
        {
            var (result, _) = await CatalogAsync();

            Assert.Equal(["locked/", "secret.txt"], result.Unreadable.Select(u => u.Name));
        }
        finally
        {
            File.SetUnixFileMode(_folder.PathTo("in", "locked"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public async Task RunAsync_LinksExcludedFoldersAndItsOwnOutput_FollowsFileLinksOnly()
    {
        _folder.Write("in/a.txt", "a");
        _folder.Write("in/bin/built.txt", "b");
        Directory.CreateSymbolicLink(_folder.PathTo("in", "up"), "..");
        File.CreateSymbolicLink(_folder.PathTo("in", "link"), "a.txt");
        _folder.Write("in/catalog.csv", "an earlier catalog");

        var (result, _) = await CatalogAsync(o => o with { Output = _folder.PathTo("in", "catalog.csv"), Excluded = ["bin"] });

        Assert.Equal((2, 1, 0), (result.Files, result.Duplicates, result.Unreadable.Count));
    }

    [Fact]
    public async Task RunAsync_EmptyFolder_Succeeds()
    {
        Directory.CreateDirectory(_folder.PathTo("in"));

        var (result, status) = await CatalogAsync();

        Assert.Equal((0, WorkflowState.Succeeded), (result.Files, status.State));
    }

    [Fact]
    public async Task RunAsync_OutputCannotBeWritten_FailsAndLeavesNothing()
    {
        _folder.Write("in/a.txt", "a");

        var options = Options() with { Output = _folder.PathTo("missing", "catalog.csv") };
        using var run = _tracker.StartWorkflow(CatalogPipeline.Workflow);

        await Assert.ThrowsAsync<DirectoryNotFoundException>(() => new CatalogPipeline(options, TimeProvider.System).RunAsync(run, CancellationToken.None));
        Assert.Equal(WorkflowState.Failed, run.GetStatus().State);
    }

    [Fact]
    public async Task RunAsync_Cancelled_EndsTheRunAndKeepsTheEarlierCatalog()
    {
        _folder.Write("in/a.txt", "a");
        _folder.Write("catalog.csv", "earlier");
        using var run = _tracker.StartWorkflow(CatalogPipeline.Workflow);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new CatalogPipeline(Options(), TimeProvider.System).RunAsync(run, new CancellationToken(canceled: true)));

        Assert.Equal(WorkflowState.Cancelled, run.GetStatus().State);
        Assert.Equal("earlier", await File.ReadAllTextAsync(_folder.PathTo("catalog.csv")));
        Assert.False(File.Exists(_folder.PathTo("catalog.csv.part")));
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private CatalogOptions Options() => new() { Folder = _folder.PathTo("in"), Output = _folder.PathTo("catalog.csv") };

    private async Task<(CatalogResult Result, WorkflowStatus Status)> CatalogAsync(Func<CatalogOptions, CatalogOptions>? change = null)
    {
        var options = change?.Invoke(Options()) ?? Options();
        using var run = _tracker.StartWorkflow(CatalogPipeline.Workflow, CatalogPipeline.RunOptions(options, _tracker.UtcNow));
        var result = await new CatalogPipeline(options, TimeProvider.System).RunAsync(run, CancellationToken.None);
        return (result, run.GetStatus());
    }
}
