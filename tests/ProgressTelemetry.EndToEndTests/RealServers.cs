using Xunit;

namespace ProgressTelemetry.EndToEndTests;

/// <summary>Tests that start real servers run one after the other: together they would take each other's time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RealServers
{
    public const string Name = "real servers";
}
