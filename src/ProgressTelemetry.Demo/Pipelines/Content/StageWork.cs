namespace ProgressTelemetry.Demo.Pipelines.Content;

/// <summary>Does a node's work for one platform after the other, at human speed, as tasks of the stage that the flow is in.</summary>
/// <param name="currentStage">That stage.</param>
/// <param name="time">The clock.</param>
/// <param name="second">How long a second at human speed is.</param>
internal sealed class StageWork(Func<WorkflowStage> currentStage, TimeProvider time, TimeSpan second)
{
    /// <summary>Works on each item as a task of its own.</summary>
    /// <param name="verb">What is done; with the item's name and the round it is the task's id.</param>
    /// <param name="round">How often it has been done before: a revision's tasks are new ones.</param>
    /// <param name="items">What it is done to.</param>
    /// <param name="seconds">How long each takes a person.</param>
    /// <param name="work">The work itself.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task<IReadOnlyList<T>> ForEachAsync<T>(string verb, int round, IEnumerable<T> items, double seconds, Func<T, T> work, CancellationToken cancellationToken)
        where T : INamed
    {
        var stage = currentStage();
        var results = new List<T>();
        foreach (var item in items)
        {
            using var task = stage.StartTask(round == 0 ? $"{verb} {item.Name}" : $"{verb} {item.Name} again ({round})");
            await PauseAsync(seconds, cancellationToken);
            results.Add(work(item));
            task.Complete();
        }

        return results;
    }

    /// <summary>Waits for somebody: one task, declared as a wait.</summary>
    public async Task WaitForAsync(string reason, double seconds, CancellationToken cancellationToken)
    {
        var stage = currentStage();
        using var task = stage.StartTask(reason);
        using (stage.Wait(reason))
        {
            await PauseAsync(seconds, cancellationToken);
        }

        task.Complete();
    }

    private Task PauseAsync(double seconds, CancellationToken cancellationToken) => Task.Delay(second * seconds, time, cancellationToken);
}
