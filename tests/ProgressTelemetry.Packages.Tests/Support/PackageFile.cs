using System.IO.Compression;
using System.Xml.Linq;

namespace ProgressTelemetry.Packages.Tests.Support;

/// <summary>A package as a file.</summary>
internal sealed class PackageFile
{
    private readonly XElement _metadata;

    public PackageFile(string path)
    {
        Path = path;
        using var archive = ZipFile.OpenRead(path);
        Entries = [.. archive.Entries.Select(entry => entry.FullName)];
        using var nuspec = archive.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        _metadata = XDocument.Load(nuspec).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
    }

    public string Path { get; }

    public IReadOnlyList<string> Entries { get; }

    public string Id => Text("id");

    public string Version => Text("version");

    /// <summary>The package's own assembly: that of a library, or the program of a tool.</summary>
    public string Assembly => Entries.Contains("tools/net10.0/any/DotnetToolSettings.xml") ? "tools/net10.0/any/progress.dll" : $"lib/net10.0/{Id}.dll";

    public IEnumerable<string> Dependencies => _metadata.Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => (string)element.Attribute("id")!);

    /// <summary>An element of the metadata; empty when there is none.</summary>
    public string Text(string element) => Element(element)?.Value ?? "";

    /// <summary>An attribute of an element of the metadata; empty when there is none.</summary>
    public string Text(string element, string attribute) => (string?)Element(element)?.Attribute(attribute) ?? "";

    public byte[] Read(string entry)
    {
        using var archive = ZipFile.OpenRead(Path);
        using var content = archive.GetEntry(entry)!.Open();
        using var copy = new MemoryStream();
        content.CopyTo(copy);
        return copy.ToArray();
    }

    private XElement? Element(string name) => _metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name);
}
