using System.Reflection;
using System.Xml.Linq;
using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.Tests.Architecture;

/// <summary>Who knows whom: demo -> live view, replay -> library; the library and the optional exporter don't know each other, nor the demo the exporter.</summary>
public class ReferenceTests
{
    [Fact]
    public void Library_Assembly_ReferencesOnlyWhatInstrumentationNeeds()
    {
        var references = typeof(ProgressTracker).Assembly.GetReferencedAssemblies().Select(a => a.Name!)
            .Where(name => !name.StartsWith("System.", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        Assert.All(references, name => Assert.True(
            name is "OpenTelemetry.Api" or "OpenTelemetry.Api.ProviderBuilderExtensions" or "Microsoft.Extensions.Options"
                or "Microsoft.Extensions.Configuration" or "Microsoft.Extensions.Configuration.Binder" // for the generated binding of the options
            || (name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal) && name.EndsWith(".Abstractions", StringComparison.Ordinal)),
            $"the library references {name}"));
    }

    [Theory]
    [InlineData("ProgressTelemetry", "", "OpenTelemetry.Api.ProviderBuilderExtensions Microsoft.Extensions.Configuration.Binder Microsoft.Extensions.Hosting.Abstractions Microsoft.Extensions.Logging.Abstractions Microsoft.Extensions.Options")]
    [InlineData("Exporter/ProgressTelemetry.Exporter.Prometheus.AspNetCore", "", "OpenTelemetry")]
    [InlineData("ProgressTelemetry.AspNetCore", "ProgressTelemetry", "")]
    [InlineData("ProgressTelemetry.Mcp", "ProgressTelemetry", "ModelContextProtocol.AspNetCore")]
    [InlineData("ProgressTelemetry.Notifications", "ProgressTelemetry", "")]
    [InlineData("ProgressTelemetry.OpenApi", "ProgressTelemetry.AspNetCore", "Microsoft.AspNetCore.OpenApi")]
    [InlineData("ProgressTelemetry.Replay", "ProgressTelemetry", "YamlDotNet")]
    [InlineData("Engines/ProgressTelemetry.AgentFramework", "ProgressTelemetry", "Microsoft.Agents.AI.Workflows")]
    [InlineData("Engines/ProgressTelemetry.Dataflow", "ProgressTelemetry", "")]
    [InlineData("Engines/ProgressTelemetry.Engines", "ProgressTelemetry", "")]
    [InlineData("Engines/ProgressTelemetry.Hangfire", "ProgressTelemetry", "Hangfire.Core")]
    [InlineData("Engines/ProgressTelemetry.MassTransit", "ProgressTelemetry", "MassTransit")]
    [InlineData("Engines/ProgressTelemetry.Polly", "ProgressTelemetry", "Polly.Extensions")]
    [InlineData("Engines/ProgressTelemetry.Quartz", "ProgressTelemetry", "Quartz")]
    [InlineData("Engines/ProgressTelemetry.Temporal", "ProgressTelemetry", "Temporalio")]
    [InlineData("Engines/ProgressTelemetry.WorkflowCore", "ProgressTelemetry", "WorkflowCore")]
    [InlineData("Storage/ProgressTelemetry.Sqlite", "ProgressTelemetry", "Microsoft.Data.Sqlite")]
    [InlineData("Storage/ProgressTelemetry.PostgreSql", "ProgressTelemetry", "Npgsql")]
    [InlineData("ProgressTelemetry.Tool", "ProgressTelemetry ProgressTelemetry.Replay", "Spectre.Console System.CommandLine")]
    [InlineData(
        "ProgressTelemetry.Demo",
        "ProgressTelemetry.AspNetCore ProgressTelemetry.PostgreSql ProgressTelemetry.Replay ProgressTelemetry.Sqlite",
        "OpenTelemetry.Exporter.OpenTelemetryProtocol OpenTelemetry.Exporter.Prometheus.AspNetCore OpenTelemetry.Extensions.Hosting Spectre.Console System.CommandLine")]
    public void Project_References_FollowTheArrows(string project, string projects, string packages)
    {
        var file = XDocument.Load(Path.Combine(RealParts.RepositoryRoot, "src", project, Path.GetFileName(project) + ".csproj"));
        Assert.Equal(projects.Split(' ', StringSplitOptions.RemoveEmptyEntries), Includes("ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))));
        Assert.All(Includes("PackageReference"), package => Assert.Contains(package, packages.Split(' ')));

        IEnumerable<string> Includes(string element) => file.Descendants(element).Select(e => (string)e.Attribute("Include")!);
    }

    [Fact]
    public void Library_Assembly_IsTrimmable() => Assert.Contains(
        typeof(ProgressTracker).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>(), a => a is { Key: "IsTrimmable", Value: "True" });
}
