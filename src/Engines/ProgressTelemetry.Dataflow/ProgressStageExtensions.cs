namespace ProgressTelemetry.Dataflow;

/// <summary>Progress of work that others call: the delegates of TPL Dataflow's blocks, of parallel loops, of a channel's consumers.</summary>
/// <remarks>
/// Each call is a timed task of the stage: completed when the delegate is done, and not when its item was fetched; failed or cancelled when it throws, which it does as before. While it runs, the stage is <see cref="WorkflowStage.Current"/>.
/// How many calls there will be, nobody but the caller knows: <see cref="WorkflowStage.ExpectTasks"/>.
/// </remarks>
public static class ProgressStageExtensions
{
    /// <summary>For <c>Parallel.ForEachAsync(items, stage.Each(body))</c>.</summary>
    /// <typeparam name="T">The items' type.</typeparam>
    /// <param name="stage">The stage.</param>
    /// <param name="body">The work on an item.</param>
    /// <returns>The work, tracked.</returns>
    public static Func<T, CancellationToken, ValueTask> Each<T>(this WorkflowStage stage, Func<T, CancellationToken, ValueTask> body)
    {
        Check(stage, body);
        return async (item, cancellationToken) => await RunAsync(stage, () => Void(body(item, cancellationToken))).ConfigureAwait(false);
    }

    /// <summary>For <c>new TransformBlock&lt;TIn, TOut&gt;(stage.Each(body))</c>.</summary>
    /// <typeparam name="TIn">The items' type.</typeparam>
    /// <typeparam name="TOut">The results' type.</typeparam>
    /// <param name="stage">The stage.</param>
    /// <param name="body">The work on an item.</param>
    /// <returns>The work, tracked.</returns>
    public static Func<TIn, Task<TOut>> Each<TIn, TOut>(this WorkflowStage stage, Func<TIn, Task<TOut>> body)
    {
        Check(stage, body);
        return item => RunAsync(stage, () => new ValueTask<TOut>(body(item))).AsTask();
    }

    /// <inheritdoc cref="Each{TIn, TOut}(WorkflowStage, Func{TIn, Task{TOut}})"/>
    public static Func<TIn, TOut> Each<TIn, TOut>(this WorkflowStage stage, Func<TIn, TOut> body)
    {
        Check(stage, body);
        return item =>
        {
            var task = stage.StartTask();
            using var current = stage.MakeCurrent();
            try
            {
                var result = body(item);
                task.Complete();
                return result;
            }
            catch (Exception e)
            {
                task.Fail(e);
                throw;
            }
        };
    }

    /// <summary>For <c>new ActionBlock&lt;T&gt;(stage.Each(body))</c>.</summary>
    /// <typeparam name="T">The items' type.</typeparam>
    /// <param name="stage">The stage.</param>
    /// <param name="body">The work on an item.</param>
    /// <returns>The work, tracked.</returns>
    public static Func<T, Task> Each<T>(this WorkflowStage stage, Func<T, Task> body)
    {
        Check(stage, body);
        return item => RunAsync(stage, () => Void(new ValueTask(body(item)))).AsTask();
    }

    private static async ValueTask<TOut> RunAsync<TOut>(WorkflowStage stage, Func<ValueTask<TOut>> body)
    {
        var task = stage.StartTask();
        using var current = stage.MakeCurrent();
        try
        {
            var result = await body().ConfigureAwait(false);
            task.Complete();
            return result;
        }
        catch (Exception e)
        {
            task.Fail(e);
            throw;
        }
    }

    private static async ValueTask<bool> Void(ValueTask work)
    {
        await work.ConfigureAwait(false);
        return true;
    }

    private static void Check(WorkflowStage stage, Delegate body)
    {
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentNullException.ThrowIfNull(body);
    }
}
