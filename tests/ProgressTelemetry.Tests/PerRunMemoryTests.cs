using ProgressTelemetry.Tests.Support;
using Xunit;

namespace ProgressTelemetry.Tests;

/// <summary>The heap is the whole process's: other tests beside these would be measured with them.</summary>
[Collection(ProcessWideCollection.Name)]
public class PerRunMemoryTests
{
    [Fact]
    public void Collect_ManyWaves_RetainsNoMemory()
    {
        using var world = new RunWorld(new ProgressTrackingOptions { EndedRunRetention = TimeSpan.FromSeconds(30), MinShownRunAge = TimeSpan.FromSeconds(5) });
        Churn(world, 1);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        Churn(world, 4);
        var after = GC.GetTotalMemory(forceFullCollection: true);

        // 4,000 more runs kept at even 500 bytes each would be 2 MB.
        Assert.InRange(after - before, long.MinValue, 1_000_000);

        static void Churn(RunWorld world, int thousands)
        {
            for (var wave = 0; wave < thousands * 10; wave++)
            {
                var runs = world.StartRuns(100, stages: 1);
                world.Clock.Advance(TimeSpan.FromSeconds(20));
                world.Collect();
                runs.ForEach(r => r.Complete());
            }

            world.Clock.Advance(TimeSpan.FromMinutes(1));
            world.Collect();
            world.Collect();
        }
    }
}
