using System.Reflection.PortableExecutable;
using ProgressTelemetry.Packages.Tests.Support;
using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.Packages.Tests;

/// <summary>What is in the packages.</summary>
[Collection(PackagesCollection.Name)]
public sealed class PackageTests(PackedPackages packed)
{
    [Fact]
    public void Pack_OfTheSolution_HasNoWarnings() => Assert.DoesNotContain("warning", packed.Output, StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void Pack_OfTheSolution_PacksTheProductAndNoProgram()
    {
        Assert.Superset(new HashSet<string>(["ProgressTelemetry", "ProgressTelemetry.AspNetCore", "ProgressTelemetry.Mcp", "ProgressTelemetry.Notifications", "ProgressTelemetry.OpenApi", "ProgressTelemetry.Sqlite", "ProgressTelemetry.PostgreSql", "ProgressTelemetry.Tool"]), packed.Versions.Keys.ToHashSet());
        Assert.DoesNotContain(packed.Versions.Keys, id => id.Contains("demo", StringComparison.OrdinalIgnoreCase) || id.Contains("Test", StringComparison.Ordinal) || id.Contains("Benchmarks", StringComparison.Ordinal));
        Assert.Single(packed.Versions.Values.Distinct());
    }

    [Fact]
    public void Pack_OfEachProject_SaysWhatAFeedShows() => Assert.All(Packages(), package =>
    {
        Assert.Equal("Apache-2.0", package.Text("license"));
        Assert.Equal("expression", package.Text("license", "type"));
        Assert.True(package.Text("description").Length is > 40 and < 400, package.Text("description"));
        Assert.Contains("OpenTelemetry", package.Text("tags"), StringComparison.Ordinal);
        Assert.StartsWith("# " , System.Text.Encoding.UTF8.GetString(package.Read(package.Text("readme"))), StringComparison.Ordinal);
        Assert.Equal("PNG"u8.ToArray(), package.Read(package.Text("icon"))[1..4]);
        Assert.Contains(Path.ChangeExtension(package.Assembly, ".xml"), package.Entries);
    });

    [Fact]
    public void Pack_OfEachProject_TellsTheCommitThatWasBuilt()
    {
        if (Path.Exists(Path.Combine(RealParts.RepositoryRoot, ".git")))
        {
            Assert.All(Packages(), package =>
            {
                Assert.Equal("git", package.Text("repository", "type"));
                Assert.Matches("^[0-9a-f]{40}$", package.Text("repository", "commit"));
            });
        }
    }

    [Fact]
    public void Pack_OfEachProject_IsReproducibleAndHasSymbols() => Assert.All(Packages(), package =>
    {
        using var assembly = new PEReader(new MemoryStream(package.Read(package.Assembly)));
        Assert.Contains(assembly.ReadDebugDirectory(), entry => entry.Type == DebugDirectoryEntryType.Reproducible);
        Assert.Contains(Path.ChangeExtension(package.Assembly, ".pdb"), new PackageFile(Path.ChangeExtension(package.Path, ".snupkg")).Entries);
    });

    [Fact]
    public void Tool_Package_IsACommandThatBringsAllItNeeds()
    {
        var tool = Packages().Single(package => package.Id == "ProgressTelemetry.Tool");
        Assert.Contains("Name=\"progress\"", System.Text.Encoding.UTF8.GetString(tool.Read("tools/net10.0/any/DotnetToolSettings.xml")), StringComparison.Ordinal);
        Assert.Contains("tools/net10.0/any/Spectre.Console.dll", tool.Entries);
        Assert.Empty(tool.Dependencies);
    }

    [Fact]
    public void Library_Package_DependsOnlyOnWhatInstrumentationNeeds() => Assert.All(
        Packages().Single(package => package.Id == "ProgressTelemetry").Dependencies,
        id => Assert.True(id is "OpenTelemetry.Api.ProviderBuilderExtensions" || id.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal), id));

    private IEnumerable<PackageFile> Packages() => Directory.GetFiles(packed.Feed, "*.nupkg").Select(file => new PackageFile(file));
}
