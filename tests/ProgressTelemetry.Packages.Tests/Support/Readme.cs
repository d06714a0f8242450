using System.Text.RegularExpressions;
using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.Packages.Tests.Support;

/// <summary>What README.md tells a newcomer to do: the packages to add, and the files to write.</summary>
internal sealed partial class Readme
{
    /// <summary>The line of a scrape that is there once the work in README.md is done.</summary>
    public const string RunHasEnded = "^workflow_run_duration_seconds_count{.*workflow_name=\"import\".*workflow_run_result=\"success\".*} 1$";

    public Readme()
    {
        var text = File.ReadAllText(Path.Combine(RealParts.RepositoryRoot, "README.md")).ReplaceLineEndings("\n");
        Packages = [.. AddedPackage().Matches(text).Select(match => match.Groups["name"].Value)];
        Sources = [.. CodeBlock().Matches(text).Select(match => match.Groups["code"].Value).Select(code => (FileOf(code), code))];
    }

    public IReadOnlyList<string> Packages { get; }

    /// <summary>Every C# block, none left out.</summary>
    public IReadOnlyList<(string File, string Text)> Sources { get; }

    /// <summary>The files with one thing changed.</summary>
    public IEnumerable<(string File, string Text)> With(string old, string changed)
    {
        Assert.Contains(Sources, source => source.Text.Contains(old, StringComparison.Ordinal));
        return Sources.Select(source => (source.File, source.Text.Replace(old, changed, StringComparison.Ordinal)));
    }

    private static string FileOf(string code) => Class().Match(code) is { Success: true } type ? type.Groups["name"].Value + ".cs" : "Program.cs";

    [GeneratedRegex("^dotnet add package (?<name>[^ \n]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex AddedPackage();

    [GeneratedRegex("^```csharp\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex CodeBlock();

    [GeneratedRegex("^public class (?<name>[A-Za-z]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Class();
}
