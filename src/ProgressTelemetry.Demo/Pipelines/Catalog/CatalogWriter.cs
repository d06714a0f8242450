namespace ProgressTelemetry.Demo.Pipelines.Catalog;

/// <summary>Writes the catalog as CSV, beside its place until it is whole: a run that stops half-way leaves an earlier catalog as it was.</summary>
internal sealed class CatalogWriter : IAsyncDisposable
{
    public const string Extension = ".part";

    private readonly string _path;
    private readonly string _draft;
    private readonly StreamWriter _writer;
    private readonly HashSet<string> _hashes = new(StringComparer.Ordinal);

    public CatalogWriter(string path)
    {
        _path = path;
        _draft = path + Extension;
        _writer = new StreamWriter(_draft);
        _writer.WriteLine("path,size,sha256,text,lines,words");
    }

    public int Files { get; private set; }

    public long Bytes { get; private set; }

    public int TextFiles { get; private set; }

    public long Lines { get; private set; }

    public int Duplicates { get; private set; }

    public async Task WriteAsync(CatalogFile file)
    {
        Files++;
        Bytes += file.Size;
        TextFiles += file.IsText ? 1 : 0;
        Lines += file.Lines;
        Duplicates += !_hashes.Add(file.Hash) && file.Size > 0 ? 1 : 0;
        await _writer.WriteLineAsync($"{Csv.Field(file.Name)},{file.Size},{file.Hash},{(file.IsText ? "yes" : "no")},{file.Lines},{file.Words}");
    }

    /// <summary>Puts the finished catalog in its place.</summary>
    public async Task FinishAsync()
    {
        await _writer.DisposeAsync();
        File.Move(_draft, _path, overwrite: true);
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        File.Delete(_draft);
    }
}
