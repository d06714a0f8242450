namespace ProgressTelemetry.Packages.Tests.Support;

/// <summary>The packages are packed once for all tests.</summary>
[CollectionDefinition(Name)]
public sealed class PackagesCollection : ICollectionFixture<PackedPackages>
{
    public const string Name = "packages";
}
