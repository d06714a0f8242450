using System.Runtime.CompilerServices;

namespace ProgressTelemetry;

/// <summary>Progress of a loop, in one line.</summary>
public static class ProgressEnumerableExtensions
{
    /// <summary>Counts each item as a completed task of the stage once the loop comes back for the next one. When the number of items is known without enumerating them, the stage expects it, on top of what is done and of other loops that are under way.</summary>
    /// <typeparam name="T">The items' type.</typeparam>
    /// <param name="items">The items.</param>
    /// <param name="stage">The stage.</param>
    /// <returns>The same items. The one at which a loop is left, or throws, is not counted.</returns>
    public static IEnumerable<T> TrackProgress<T>(this IEnumerable<T> items, WorkflowStage stage)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(stage);
        return Track(items, stage);

        static IEnumerable<T> Track(IEnumerable<T> items, WorkflowStage stage)
        {
            long left = 0;
            if (items.TryGetNonEnumeratedCount(out var count))
            {
                left = count;
                stage.BeginLoop(count);
            }

            try
            {
                foreach (var item in items)
                {
                    yield return item;
                    stage.CompleteTask();
                    left--;
                }
            }
            finally
            {
                if (left > 0)
                {
                    stage.LeaveLoop(left);
                }
            }
        }
    }

    /// <summary>Counts each item as a completed task of the stage once the loop comes back for the next one.</summary>
    /// <typeparam name="T">The items' type.</typeparam>
    /// <param name="items">The items.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <returns>The same items. The one at which a loop is left, or throws, is not counted.</returns>
    public static IAsyncEnumerable<T> TrackProgress<T>(this IAsyncEnumerable<T> items, WorkflowStage stage, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(stage);
        return Track(items, stage, cancellationToken);

        static async IAsyncEnumerable<T> Track(IAsyncEnumerable<T> items, WorkflowStage stage, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var item in items.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                yield return item;
                stage.CompleteTask();
            }
        }
    }
}
