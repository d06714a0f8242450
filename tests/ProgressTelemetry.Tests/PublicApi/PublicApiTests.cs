using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.Tests.PublicApi;

public class PublicApiTests
{
    [Fact]
    public void PublicApi_OfTheLibrary_IsTheApprovedOne() => Assert.Null(PublicApiText.DifferenceFrom(
        Path.Combine(RealParts.RepositoryRoot, "tests", "ProgressTelemetry.Tests", "PublicApi", "PublicApi.approved.txt"),
        typeof(ProgressTracker).Assembly));

    [Fact]
    public void PublicApi_OfAnotherAssembly_IsADifferenceByLine()
    {
        // Guards the guard: a comparison that can't fail would approve everything.
        var file = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
        File.WriteAllText(file, PublicApiText.Of(typeof(ProgressTracker).Assembly).Replace("GetActive()", "GetActives()", StringComparison.Ordinal));
        try
        {
            var difference = PublicApiText.DifferenceFrom(file, typeof(ProgressTracker).Assembly);
            if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") != "1")
            {
                Assert.Contains("\n-     public IReadOnlyList<WorkflowStatus> GetActives()\n+     public IReadOnlyList<WorkflowStatus> GetActive()", difference, StringComparison.Ordinal);
            }
        }
        finally
        {
            File.Delete(file);
        }
    }
}
