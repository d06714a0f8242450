using System.Runtime.InteropServices;
using System.Xml.Linq;

namespace ProgressTelemetry.Packages.Tests.Support;

/// <summary>An app outside the repository, which knows the packages alone.</summary>
internal sealed class FreshApp
{
    private readonly string _folder;
    private readonly string _name;
    private readonly IReadOnlyDictionary<string, string> _environment;

    public FreshApp(string folder, string name, IReadOnlyDictionary<string, string> environment, IEnumerable<(string Package, string Version)> packages)
    {
        (_folder, _name, _environment) = (folder, name, environment);
        var file = Path.Combine(folder, name + ".csproj");
        var project = XDocument.Load(file);
        project.Root!.Add(
            new XElement("PropertyGroup", new XElement("NuGetAudit", "false"), new XElement("InvariantGlobalization", "true")),
            new XElement("ItemGroup", packages.Select(p => new XElement("PackageReference", new XAttribute("Include", p.Package), new XAttribute("Version", p.Version)))));
        project.Save(file);
    }

    /// <summary>Writes source files over the template's.</summary>
    public void Write(params IEnumerable<(string File, string Text)> sources)
    {
        foreach (var old in Directory.GetFiles(_folder, "*.cs"))
        {
            File.Delete(old);
        }

        foreach (var (file, text) in sources)
        {
            File.WriteAllText(Path.Combine(_folder, file), text);
        }
    }

    public Task RestoreAsync() => Dotnet.RunAsync(_folder, _environment, "restore", "-v", "quiet", "-nodeReuse:false");

    /// <summary>Builds what was restored, with warnings as errors.</summary>
    public Task<(int ExitCode, string Output)> BuildAsync() =>
        Dotnet.TryAsync(_folder, _environment, "build", "--no-restore", "-c", "Release", "-v", "quiet", "-warnaserror", "-nodeReuse:false");

    /// <summary>Starts what was built.</summary>
    public AppProcess Start(params IEnumerable<string> arguments) =>
        new(Dotnet.Command("dotnet", _folder, _environment, ["exec", Path.Combine("bin", "Release", "net10.0", _name + ".dll"), .. arguments]));

    /// <summary>Publishes for this machine; no warning is forgiven.</summary>
    /// <param name="how"><c>PublishTrimmed</c> or <c>PublishAot</c>.</param>
    /// <returns>The program.</returns>
    public async Task<string> PublishAsync(string how)
    {
        var folder = Path.Combine(_folder, "published", how);
        var output = await Dotnet.RunAsync(
            _folder, _environment, "publish", "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", $"-p:{how}=true", "-p:TrimmerSingleWarn=false",
            "-p:IntermediateOutputPath=" + Path.Combine("obj", how) + "/", "-o", folder, "-v", "quiet", "-warnaserror", "-nodeReuse:false");
        Assert.DoesNotContain("warning", output, StringComparison.OrdinalIgnoreCase);
        return Path.Combine(folder, _name);
    }

    /// <summary>Starts a published program.</summary>
    public AppProcess StartPublished(string program, IReadOnlyDictionary<string, string>? environment = null, params IEnumerable<string> arguments) =>
        new(Dotnet.Command(program, _folder, environment ?? _environment, arguments));
}
