using System.Collections.Immutable;
using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.EndToEndTests.Contract;

/// <summary>
/// The texts of everything the stack ships, by path from the repository's root. The checks read only this, so that a
/// negative control can change one text in memory and see the check report it.
/// </summary>
internal sealed record StackFiles(ImmutableSortedDictionary<string, string> Texts)
{
    public static StackFiles Shipped { get; } = Load();

    public IEnumerable<KeyValuePair<string, string>> Dashboards => Under("grafana/dashboards/", ".json");

    public IEnumerable<KeyValuePair<string, string>> Rules => Under("prometheus/rules/", ".yml");

    public IEnumerable<KeyValuePair<string, string>> RuleTests => Under("prometheus/tests/", ".yml");

    public IEnumerable<KeyValuePair<string, string>> Runbooks => Under("docs/runbooks/", ".md");

    public IEnumerable<KeyValuePair<string, string>> Documents => Texts.Where(f => f.Key.EndsWith(".md", StringComparison.Ordinal));

    public string this[string path] => Texts.TryGetValue(path, out var text) ? text : throw new FileNotFoundException($"{path} is not part of the stack", path);

    public StackFiles With(string path, string text) => new(Texts.SetItem(path, text));

    public StackFiles Without(string path) => new(Texts.Remove(path));

    /// <summary>Replaces text that has to be there, so that a negative control cannot pass by changing nothing.</summary>
    public StackFiles Replace(string path, string old, string @new) =>
        this[path].Contains(old, StringComparison.Ordinal)
            ? With(path, this[path].Replace(old, @new, StringComparison.Ordinal))
            : throw new ArgumentException($"{path} does not contain '{old}'", nameof(old));

    private static StackFiles Load()
    {
        string[] folders = ["grafana", "prometheus", "docs/runbooks", "docs/guides"];
        string[] files = ["prometheus.yml", "docker-compose.yml", "Dockerfile", "docs/queries.md", "README.md"];
        var paths = folders
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(RealParts.RepositoryRoot, folder), "*", SearchOption.AllDirectories))
            .Concat(files.Select(file => Path.Combine(RealParts.RepositoryRoot, file)).Where(File.Exists));
        return new StackFiles(paths.ToImmutableSortedDictionary(
            path => Path.GetRelativePath(RealParts.RepositoryRoot, path).Replace('\\', '/'), File.ReadAllText, StringComparer.Ordinal));
    }

    private IEnumerable<KeyValuePair<string, string>> Under(string folder, string extension) =>
        Texts.Where(f => f.Key.StartsWith(folder, StringComparison.Ordinal) && f.Key.EndsWith(extension, StringComparison.Ordinal));
}
