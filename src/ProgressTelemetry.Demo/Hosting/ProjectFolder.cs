namespace ProgressTelemetry.Demo.Hosting;

/// <summary>Finds real files for the catalog pipeline to work on when nobody named any.</summary>
internal static class ProjectFolder
{
    /// <summary>The repository's root when the program runs from its build output; else the program's own folder, as in a container.</summary>
    public static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ProgressTelemetry.sln")))
            {
                return folder.FullName;
            }
        }

        return AppContext.BaseDirectory;
    }
}
