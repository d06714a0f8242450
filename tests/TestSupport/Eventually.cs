using System.Diagnostics;

namespace ProgressTelemetry.TestSupport;

/// <summary>Waits for something that can be observed, and says what was seen last when it does not come.</summary>
public static class Eventually
{
    /// <summary>What should happen at once happens within this, however busy the machine is.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200), ShortPause = TimeSpan.FromMilliseconds(5);

    /// <summary>Waits for what another thread brings about.</summary>
    public static Task TrueAsync(Func<bool> condition, Func<string>? otherwise = null) => TrueAsync(() => Task.FromResult(condition()), otherwise);

    /// <summary>Waits for what another thread or process brings about.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string>? otherwise = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > Limit)
            {
                throw new TimeoutException(otherwise?.Invoke() ?? "It did not come about.");
            }

            await Task.Delay(ShortPause);
        }
    }

    /// <summary>The task, unless it takes too long.</summary>
    public static Task Within(this Task task) => task.WaitAsync(Limit);

    /// <summary>The task, unless it takes too long.</summary>
    public static Task<T> Within<T>(this Task<T> task) => task.WaitAsync(Limit);

    /// <summary>Asks again and again until the answer satisfies the condition; fails at the deadline with the last answer.</summary>
    public static async Task<T> GetAsync<T>(string what, Func<Task<T>> ask, Func<T, bool> isWanted, TimeSpan deadline)
    {
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(Pause);
        object? last = null;
        while (watch.Elapsed < deadline)
        {
            try
            {
                var answer = await ask();
                if (isWanted(answer))
                {
                    return answer;
                }

                last = answer is System.Collections.IEnumerable list and not string ? string.Join("; ", list.Cast<object>()) : answer;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                last = e.Message;
            }

            await timer.WaitForNextTickAsync();
        }

        throw new TimeoutException($"{what} did not come within {deadline.TotalSeconds:F0} s; seen last: {last}");
    }
}
