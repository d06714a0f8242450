namespace ProgressTelemetry.TestSupport;

/// <summary>Finds the programs and folders that some tests need.</summary>
public static class RealParts
{
    public static bool IsCi => string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The repository's root: the folder of the solution, found upwards from the test's own folder.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>
    /// The folder with the estimator's recorded traces and expected numbers, beside the repository, or where PROGRESS_SHARED names it; it is not part of the project.
    /// </summary>
    public static string SharedFolder { get; } = Environment.GetEnvironmentVariable("PROGRESS_SHARED") is { Length: > 0 } named
        ? named
        : Path.GetFullPath(Path.Combine(RepositoryRoot, "..", "shared"));

    public static string? FindProgram(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    /// <summary>The first of the parts that is missing. A part is a program's name, several of which one is enough (<c>clang|gcc</c>), or <c>shared/...</c> for a path in <see cref="SharedFolder"/>.</summary>
    public static string? FirstMissing(IEnumerable<string> parts) => parts.FirstOrDefault(part =>
        part.StartsWith("shared/", StringComparison.Ordinal)
            ? !Path.Exists(Path.Combine(SharedFolder, part["shared/".Length..]))
            : part.Split('|').All(program => FindProgram(program) is null));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ProgressTelemetry.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("ProgressTelemetry.sln is in no folder above " + AppContext.BaseDirectory);
    }
}
