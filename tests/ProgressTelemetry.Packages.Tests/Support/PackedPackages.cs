using System.Collections.Frozen;
using System.Xml.Linq;
using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.Packages.Tests.Support;

/// <summary>All packages of the repository, packed once into a folder that serves as a package source; and a place for apps that use them.</summary>
public sealed class PackedPackages : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("progress-packages-").FullName;

    /// <summary>The folder of the packages.</summary>
    public string Feed => Path.Combine(_root, "feed");

    /// <summary>What the packing said.</summary>
    public string Output { get; private set; } = "";

    /// <summary>Their names, with their versions.</summary>
    public FrozenDictionary<string, string> Versions { get; private set; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Packages are unpacked into a folder of this test run's own, so that none from an earlier run is taken for one of these.</summary>
    internal IReadOnlyDictionary<string, string> Environment { get; private set; } = FrozenDictionary<string, string>.Empty;

    public async Task InitializeAsync()
    {
        Output = await Dotnet.RunAsync(
            RealParts.RepositoryRoot, Environment, "pack", "ProgressTelemetry.sln", "-c", "Release", "-o", Feed, "-v", "quiet", "-warnaserror", "-nodeReuse:false");
        Versions = Directory.GetFiles(Feed, "*.nupkg").Select(file => new PackageFile(file)).ToFrozenDictionary(package => package.Id, package => package.Version, StringComparer.Ordinal);

        var unpacked = System.Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } set
            ? set
            : Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        new XDocument(new XElement(
            "configuration",
            new XElement("packageSources", Add("packed", Feed)),
            new XElement("fallbackPackageFolders", Add("unpacked", unpacked)))).Save(Path.Combine(_root, "nuget.config"));
        Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["NUGET_PACKAGES"] = Path.Combine(_root, "unpacked") };

        static XElement Add(string key, string value) => new("add", new XAttribute("key", key), new XAttribute("value", value));
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>A new app from one of .NET's own templates, with packages added.</summary>
    internal async Task<FreshApp> NewAppAsync(string template, string name, IEnumerable<string> packages)
    {
        var folder = Path.Combine(_root, name);
        await Dotnet.RunAsync(_root, Environment, "new", template, "--name", name, "--output", folder, "--no-restore");
        return new FreshApp(folder, name, Environment, packages.Select(package => (package, VersionOf(package))));
    }

    /// <summary>The version of a package: as packed, or as this repository uses it.</summary>
    private string VersionOf(string package) => Versions.TryGetValue(package, out var version) ? version : CentralVersions.Of(package);
}
