using NetArchTest.Rules;

namespace ProgressTelemetry.Tests.Architecture;

/// <summary>
/// Dependencies between the library's namespaces have one direction, and what computes is pure. A row is a namespace and what no type in it
/// may depend on: <c>.Name</c> is a namespace of the library, anything else a namespace or a type of somebody else's.
/// </summary>
public class NamespaceTests
{
    [Theory]
    [InlineData("Estimation", ".Instrumentation .Nodes .Registration .Reporting .Tracking System.Threading System.TimeProvider System.Diagnostics.Activity System.Diagnostics.ActivitySource System.Diagnostics.Metrics OpenTelemetry Microsoft.Extensions.DependencyInjection Microsoft.Extensions.Hosting Microsoft.Extensions.Options")]
    [InlineData("Instrumentation", ".Estimation .Nodes .Registration .Reporting OpenTelemetry Microsoft.Extensions.DependencyInjection Microsoft.Extensions.Hosting Microsoft.Extensions.Options")]
    [InlineData("Tracking", ".Nodes .Registration .Reporting System.Diagnostics.Metrics OpenTelemetry Microsoft.Extensions.DependencyInjection Microsoft.Extensions.Hosting Microsoft.Extensions.Options")]
    [InlineData("Reporting", ".Instrumentation .Nodes .Registration System.Diagnostics.Activity System.Diagnostics.ActivitySource System.Diagnostics.Metrics OpenTelemetry Microsoft.Extensions")]
    [InlineData("Nodes", ".Estimation .Instrumentation .Registration .Reporting System.Diagnostics.Activity System.Diagnostics.ActivitySource System.Diagnostics.Metrics OpenTelemetry Microsoft.Extensions")]
    public void Namespace_DependsOnNothingItMayNot(string space, string forbidden) =>
        Assert.Equal("", string.Join('\n', Violations(space, forbidden)));

    /// <summary>Negative controls: what is there is found.</summary>
    [Theory]
    [InlineData("Tracking", ".Estimation")]
    [InlineData("Tracking", "System.Threading.Lock")]
    [InlineData("Instrumentation", "System.Diagnostics.ActivitySource")]
    [InlineData("Registration", "Microsoft.Extensions")]
    public void Namespace_ThatBreaksARule_IsFound(string space, string forbidden) => Assert.NotEmpty(Violations(space, forbidden));

    private static List<string> Violations(string space, string forbidden)
    {
        string[] names = [.. forbidden.Split(' ').Select(name => name.StartsWith('.') ? nameof(ProgressTelemetry) + name : name)];

        // A rule about a namespace that is no more would hold for ever.
        Assert.All(names.Where(name => name.StartsWith(nameof(ProgressTelemetry), StringComparison.Ordinal)), name => Assert.NotEmpty(In(name).GetTypes()));
        var types = In($"{nameof(ProgressTelemetry)}.{space}");
        Assert.NotEmpty(types.GetTypes());
        return [.. types.Should().NotHaveDependencyOnAny(names).GetResult().FailingTypes.Select(type => $"{type.FullName}: {type.Explanation}")];
    }

    private static PredicateList In(string space) => Types.InAssembly(typeof(ProgressTracker).Assembly).That().ResideInNamespace(space);
}
