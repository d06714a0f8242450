namespace ProgressTelemetry.Demo.Pipelines.Catalog;

/// <summary>Finds all files below a folder, folder by folder. Links to folders are not followed, so that a circle of them ends; a folder that can't be read is reported and left out.</summary>
internal sealed class FolderWalk(CatalogOptions options)
{
    private readonly string[] _own = [options.Output, options.Output + CatalogWriter.Extension, options.Output + CatalogJournal.Extension];
    private readonly List<UnreadableFile> _unreadable = [];
    private int _found;

    public IReadOnlyList<UnreadableFile> Unreadable => _unreadable;

    /// <summary>The files of one folder after the other, each in order of name.</summary>
    public IEnumerable<IReadOnlyList<CatalogFile>> Folders()
    {
        var open = new Stack<string>([options.Folder]);
        while (open.TryPop(out var folder))
        {
            var (files, folders) = List(folder);
            foreach (var next in folders)
            {
                open.Push(next);
            }

            yield return files;
        }
    }

    private (List<CatalogFile> Files, IEnumerable<string> Folders) List(string folder)
    {
        var files = new List<CatalogFile>();
        var folders = new List<string>();
        try
        {
            foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal))
            {
                if (entry is DirectoryInfo)
                {
                    if (entry.LinkTarget is null && !options.Excluded.Contains(entry.Name, StringComparer.Ordinal))
                    {
                        folders.Add(entry.FullName);
                    }
                }
                else if (!_own.Contains(entry.FullName))
                {
                    files.Add(new CatalogFile(_found++, entry.FullName, NameOf(entry.FullName)));
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _unreadable.Add(new UnreadableFile(NameOf(folder) + "/", e.Message));
        }

        return (files, Enumerable.Reverse(folders));
    }

    private string NameOf(string path) => Path.GetRelativePath(options.Folder, path).Replace(Path.DirectorySeparatorChar, '/');
}
