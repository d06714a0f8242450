namespace ProgressTelemetry.AspNetCore.Tests.Support;

/// <summary>How long a test waits for something that should happen at once, before it says that it did not.</summary>
internal static class Deadline
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static Task<T> Within<T>(this Task<T> task) => task.WaitAsync(Limit);

    public static Task Within(this Task task) => task.WaitAsync(Limit);
}
