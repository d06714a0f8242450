using System.Text.Json;

namespace ProgressTelemetry.AspNetCore.Waiting;

/// <summary>What is sent of a run at one moment.</summary>
internal sealed record LiveFrame(LiveRunJson Run, string Json)
{
    /// <summary>Whether something moves although nothing tells of it: times and forecasts.</summary>
    public bool IsLive => Run.StartedAt is not null && Run.EndedAt is null;

    public bool IsEnded => Run.EndedAt is not null;

    public static LiveFrame Read(IRunReader reader, ProgressScope scope, DateTimeOffset now)
    {
        var run = LiveRunJson.Of(scope.Find(reader), scope.Details, now);
        return new LiveFrame(run, JsonSerializer.Serialize(run, WaitingJson.Run));
    }

    /// <summary>Whether a reader of the other frame has nothing to learn from this one.</summary>
    public bool SaysTheSameAs(LiveFrame other) =>
        !IsLive && Run.State == other.Run.State && Run.StartedAt == other.Run.StartedAt && Run.EndedAt == other.Run.EndedAt;
}
