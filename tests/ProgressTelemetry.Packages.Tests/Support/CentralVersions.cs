using System.Text.RegularExpressions;
using System.Xml.Linq;
using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.Packages.Tests.Support;

/// <summary>The versions in Directory.Packages.props.</summary>
internal static partial class CentralVersions
{
    private static readonly XDocument Properties = XDocument.Load(Path.Combine(RealParts.RepositoryRoot, "Directory.Packages.props"));

    public static string Of(string package)
    {
        var version = Properties.Descendants("PackageVersion").Where(element => (string?)element.Attribute("Include") == package).Select(element => (string)element.Attribute("Version")!).SingleOrDefault();
        Assert.True(version is not null, $"{package} is neither a package of this repository nor in Directory.Packages.props");
        return Property().Replace(version, property => Properties.Descendants(property.Groups["name"].Value).Single().Value);
    }

    [GeneratedRegex(@"\$\((?<name>\w+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Property();
}
