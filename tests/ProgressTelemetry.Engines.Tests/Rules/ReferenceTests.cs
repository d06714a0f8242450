namespace ProgressTelemetry.EnginesTests.Rules;

public class ReferenceTests
{
    [Fact]
    public void Package_KnowsNoEngine() => Assert.Equal(
        [typeof(ProgressTracker).Assembly.GetName().Name],
        typeof(Engines).Assembly.GetReferencedAssemblies().Select(reference => reference.Name).Where(name => !name!.StartsWith("System.", StringComparison.Ordinal)));
}
