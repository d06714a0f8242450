using System.Text.Json;
using ProgressTelemetry.Demo.Workers;

namespace ProgressTelemetry.Demo.Pipelines.Catalog;

/// <summary>
/// What is done of a catalog that several processes share, beside the catalog until that is whole: the run's id, and a line for each file. The store keeps how far the run is; which files are left is the work's own affair, and known from here
/// when all processes were killed and it is started again.
/// </summary>
internal sealed class CatalogJournal : IDisposable
{
    public const string Extension = ".journal";

    private readonly string _path;
    private readonly StreamWriter _writer;

    private CatalogJournal(string path, string runId, IReadOnlyList<CatalogFile> done)
    {
        (_path, RunId, Done) = (path, runId, done);

        // As a whole, since the last line of before may be half of one.
        _writer = new StreamWriter(path);
        _writer.WriteLine(runId);
        foreach (var file in done)
        {
            _writer.WriteLine(FileLine.Write(file));
        }

        _writer.Flush();
    }

    public string RunId { get; }

    /// <summary>The files that were done before.</summary>
    public IReadOnlyList<CatalogFile> Done { get; }

    /// <summary>Goes on with the journal of a catalog that was not finished; else begins one.</summary>
    public static CatalogJournal Open(string output)
    {
        var path = output + Extension;
        string[] lines = File.Exists(path) ? File.ReadAllLines(path) : [];
        return new CatalogJournal(path, lines is [{ Length: > 0 } runId, ..] ? runId : Guid.NewGuid().ToString("N"), [.. lines.Skip(1).Select(TryRead).OfType<CatalogFile>()]);
    }

    /// <summary>A file is done.</summary>
    public async Task AddAsync(CatalogFile file)
    {
        await _writer.WriteLineAsync(FileLine.Write(file));
        await _writer.FlushAsync();
    }

    /// <summary>The run has ended: nobody goes on with it.</summary>
    public void Delete()
    {
        _writer.Dispose();
        File.Delete(_path);
    }

    public void Dispose() => _writer.Dispose();

    private static CatalogFile? TryRead(string line)
    {
        try
        {
            return FileLine.Read(line);
        }
        catch (JsonException)
        {
            // Half a line: the file is done again.
            return null;
        }
    }
}
