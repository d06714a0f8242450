namespace ProgressTelemetry.Tests.Support;

/// <summary>Tests of what a whole process shares (listeners to its sources, its environment): they run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessWideCollection
{
    public const string Name = "Process-wide";
}
