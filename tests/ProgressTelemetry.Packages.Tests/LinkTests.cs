using System.Text.RegularExpressions;
using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.Packages.Tests;

/// <summary>The links between the repository's pages.</summary>
public sealed partial class LinkTests
{
    [Fact]
    public void Links_OfAllPages_LeadToFilesAndHeadings() => Assert.Empty(
        from page in Pages()
        from link in Link().Matches(File.ReadAllText(page)).Select(match => match.Groups["target"].Value)
        where !Leads(page, link)
        select $"{Path.GetRelativePath(RealParts.RepositoryRoot, page)}: {link}");

    [Theory]
    [InlineData("docs/queries.md", true)]
    [InlineData("docs/guides/getting-started.md#a-plan", true)]
    [InlineData("docs/nowhere.md", false)]
    [InlineData("docs/guides/getting-started.md#no-such-heading", false)]
    public void Leads_FromTheReadme_TellsDeadFromLive(string link, bool isLive) => Assert.Equal(isLive, Leads(Path.Combine(RealParts.RepositoryRoot, "README.md"), link));

    private static IEnumerable<string> Pages() =>
        Directory.EnumerateFiles(RealParts.RepositoryRoot, "*.md")
            .Concat(new[] { "docs", "src" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(RealParts.RepositoryRoot, folder), "*.md", SearchOption.AllDirectories)))
            .Where(page => !page.Contains("/bin/", StringComparison.Ordinal) && !page.Contains("/obj/", StringComparison.Ordinal));

    private static bool Leads(string page, string link)
    {
        if (link.Contains("://", StringComparison.Ordinal))
        {
            return true;
        }

        var (path, heading) = link.Split('#') is [var file, var anchor] ? (file, anchor) : (link, null);
        var target = path.Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, path));
        return Path.Exists(target) && (heading is null || Headings(target).Contains(heading));
    }

    private static IEnumerable<string> Headings(string page) => File.ReadLines(page)
        .Where(line => line.StartsWith('#'))
        .Select(line => new string([.. line.TrimStart('#').Trim().ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-')]).Replace(' ', '-'));

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Link();
}
