namespace ProgressTelemetry.Demo.Pipelines.Catalog;

/// <summary>What a stage does to one file, as a task.</summary>
internal static class FileTask
{
    /// <param name="stage">The stage.</param>
    /// <param name="file">The file; one that failed earlier is skipped.</param>
    /// <param name="work">What is done to it; null for nothing.</param>
    /// <param name="pace">How fast.</param>
    /// <param name="isFilesProblem">Whether trouble is that file's alone. A catalog that can't be written is everybody's.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task DoAsync(WorkflowStage stage, CatalogFile file, Func<CatalogFile, CancellationToken, Task>? work, Pace pace, bool isFilesProblem, CancellationToken cancellationToken)
    {
        if (file.Problem is not null || work is null)
        {
            stage.SkipTask();
            return;
        }

        using var task = stage.StartTask();
        try
        {
            await work(file, cancellationToken);
            await pace.WaitAsync(file.Size, cancellationToken);
            task.Complete();
        }
        catch (Exception e) when (isFilesProblem && e is IOException or UnauthorizedAccessException)
        {
            file.Problem = e.Message;
            task.Fail();
        }
    }
}
