using NetArchTest.Rules;

namespace ProgressTelemetry.Tests.Architecture;

/// <summary>
/// Dependencies between the library's namespaces have one direction, and what computes is pure. A row is a namespace and what no type in it
/// may depend on: <c>.Name</c> is a namespace of the library, anything else a namespace or a type of somebody else's.
/// </summary>
public class NamespaceTests
{
    [Theory]
    [InlineData("Model", ".Estimation .Runtime .Signals .Listeners .History .Reporting .Flows .Storage .Registration System.Threading.Lock System.Threading.Monitor System.TimeProvider OpenTelemetry Microsoft.Extensions System.Diagnostics.Activity System.Diagnostics.ActivitySource System.Diagnostics.Metrics")]
    [InlineData("Estimation", ".Runtime .Signals .Listeners .History .Reporting .Flows .Storage .Registration System.Threading System.TimeProvider OpenTelemetry Microsoft.Extensions System.Diagnostics.Activity System.Diagnostics.ActivitySource System.Diagnostics.Metrics")]
    [InlineData("Runtime", ".Signals .Listeners .History .Reporting .Flows .Storage .Registration System.Diagnostics.Metrics OpenTelemetry Microsoft.Extensions")]
    [InlineData("Signals", ".Estimation .Listeners .History .Reporting .Flows .Storage .Registration OpenTelemetry Microsoft.Extensions.DependencyInjection Microsoft.Extensions.Hosting")]
    [InlineData("Listeners", ".Estimation .Signals .History .Reporting .Flows .Storage .Registration OpenTelemetry Microsoft.Extensions System.Diagnostics.Activity System.Diagnostics.ActivitySource System.Diagnostics.Metrics")]
    [InlineData("History", ".Estimation .Signals .Listeners .Reporting .Flows .Storage .Registration OpenTelemetry Microsoft.Extensions.DependencyInjection Microsoft.Extensions.Hosting System.Diagnostics.Activity System.Diagnostics.ActivitySource System.Diagnostics.Metrics")]
    [InlineData("Storage", ".Signals .Listeners .History .Reporting .Flows .Registration OpenTelemetry Microsoft.Extensions System.Diagnostics.ActivitySource System.Diagnostics.Metrics")]
    [InlineData("Reporting", ".Model .Estimation .Runtime .Signals .Listeners .History .Flows .Storage .Registration OpenTelemetry Microsoft.Extensions System.Diagnostics.Activity System.Diagnostics.ActivitySource System.Diagnostics.Metrics")]
    [InlineData("Flows", ".Model .Estimation .Runtime .Signals .Listeners .History .Reporting .Storage .Registration OpenTelemetry Microsoft.Extensions System.Diagnostics.Activity System.Diagnostics.ActivitySource System.Diagnostics.Metrics")]
    public void Namespace_DependsOnNothingItMayNot(string space, string forbidden) =>
        Assert.Equal("", string.Join('\n', Violations(space, forbidden)));

    /// <summary>Negative controls: what is there is found.</summary>
    [Theory]
    [InlineData("Runtime", ".Model")]
    [InlineData("Runtime", "System.Threading.Lock")]
    [InlineData("Signals", "System.Diagnostics.ActivitySource")]
    [InlineData("Registration", "Microsoft.Extensions")]
    public void Namespace_ThatBreaksARule_IsFound(string space, string forbidden) => Assert.NotEmpty(Violations(space, forbidden));

    /// <summary>Options hold adapters, and those know the tracker: what knew the options would know all.</summary>
    [Theory]
    [InlineData("Model")]
    [InlineData("Estimation")]
    [InlineData("Runtime")]
    [InlineData("Signals")]
    [InlineData("Listeners")]
    [InlineData("History")]
    [InlineData("Storage")]
    public void Namespace_UnderTheTracker_KnowsNeitherItNorItsOptions(string space) =>
        Assert.Equal("", string.Join('\n', Explained(In($"{nameof(ProgressTelemetry)}.{space}"), Tracker)));

    [Fact]
    public void Namespace_OverTheTracker_IsFoundToKnowIt() => Assert.NotEmpty(Explained(In($"{nameof(ProgressTelemetry)}.Registration"), Tracker));

    private static string[] Tracker => [.. new[] { typeof(ProgressTracker), typeof(ProgressTrackingOptions), typeof(IProgressAdapter) }.Select(type => type.FullName!)];

    private static List<string> Violations(string space, string forbidden)
    {
        string[] names = [.. forbidden.Split(' ').Select(name => name.StartsWith('.') ? nameof(ProgressTelemetry) + name : name)];

        // A rule about a namespace that is no more would hold for ever.
        Assert.All(names.Where(name => name.StartsWith(nameof(ProgressTelemetry), StringComparison.Ordinal)), name => Assert.NotEmpty(In(name).GetTypes()));
        var types = In($"{nameof(ProgressTelemetry)}.{space}");
        Assert.NotEmpty(types.GetTypes());
        return Explained(types, names);
    }

    private static List<string> Explained(PredicateList types, string[] names) =>
        [.. types.Should().NotHaveDependencyOnAny(names).GetResult().FailingTypes.Select(type => $"{type.FullName}: {type.Explanation}")];

    private static PredicateList In(string space) => Types.InAssembly(typeof(ProgressTracker).Assembly).That().ResideInNamespace(space);
}
