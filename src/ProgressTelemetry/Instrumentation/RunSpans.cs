using System.Diagnostics;
using ProgressTelemetry.Tracking;
using static ProgressTelemetry.Instrumentation.SignalNames;

namespace ProgressTelemetry.Instrumentation;

/// <summary>
/// The spans: <c>run {workflow}</c> over <c>stage {stage}</c>, and the zero-length <c>run {workflow} started</c> that tells of the run at once, since a span is exported when it ends. None of them becomes <see cref="Activity.Current"/>
/// here: runs and stages are objects that any thread may end. What samplers and processors throw is an error of the tracker's, and stays here.
/// </summary>
internal sealed class RunSpans(TrackerErrors errors) : IDisposable
{
    private readonly ActivitySource _source = new(new ActivitySourceOptions(Source) { Version = SignalNames.Version, TelemetrySchemaUrl = SchemaUrl });

    public Activity? StartRun(RunState run, WorkflowRunOptions options)
    {
        if (!_source.HasListeners())
        {
            return null;
        }

        var tags = new List<KeyValuePair<string, object?>>(options.Tags) { new(Attributes.Workflow, run.Workflow), new(Attributes.RunId, run.Id) };
        if (run.Version is not null)
        {
            tags.Add(new(Attributes.Version, run.Version));
        }

        var parent = options.ParentContext ?? Activity.Current?.Context ?? default;
        var span = Start($"run {run.Workflow}", parent, run.StartedWall, tags);
        if (span is not null && Start($"run {run.Workflow} started", span.Context, run.StartedWall, tags) is { } started)
        {
            Stop(started, TimeSpan.Zero);
        }

        return span;
    }

    /// <summary>Puts the result on the run's span; it is stopped once the log has told of it, inside it.</summary>
    public static void SetResult(RunState run, WorkflowStatus final)
    {
        if (run.Activity is { IsAllDataRequested: true } span)
        {
            span.SetTag(Attributes.RunResult, Results.Name(final.Result!.Value));
            span.SetTag(Attributes.RunTasksCompleted, final.CompletedTasks);
            span.SetTag(Attributes.RunRevisions, final.Performance.Revisions);
            if (final.ExpectedTasks is { } expected)
            {
                span.SetTag(Attributes.RunTasksExpected, expected);
            }

            SetError(span, final.Result.Value, final.ErrorType);
        }
    }

    public Activity? StartStage(RunState run, StageState stage, long now)
    {
        if (run.Activity is not { } parent || !_source.HasListeners())
        {
            return null;
        }

        KeyValuePair<string, object?>[] tags =
        [
            new(Attributes.Workflow, run.Workflow),
            new(Attributes.RunId, run.Id),
            new(Attributes.Stage, stage.Name),
            new(Attributes.StageIndex, run.IndexLabel(stage.Index)),
            new(Attributes.StageAttempt, stage.AttemptCount),
        ];
        return Start($"stage {stage.Name}", parent.Context, run.Clock.ToWall(now), tags);
    }

    /// <summary>Puts the result on the attempt's span; it is stopped once the log has told of it, inside it.</summary>
    public static void SetResult(WorkflowStage attempt, WorkflowResult result, string? errorType)
    {
        if (attempt.Activity is { IsAllDataRequested: true } span)
        {
            var stage = attempt.State;
            span.SetTag(Attributes.StageResult, Results.Name(result));
            span.SetTag(Attributes.StageTasksCompleted, stage.Done);
            span.SetTag(Attributes.StageRevisions, stage.Revisions);
            if (stage.Expected is { } expected)
            {
                span.SetTag(Attributes.StageTasksExpected, expected);
            }

            SetError(span, result, errorType);
        }
    }

    /// <summary>Stops a span after <paramref name="duration"/> on the monotonic clock: the wall clock may have been set meanwhile.</summary>
    public void Stop(Activity span, TimeSpan duration)
    {
        var current = Activity.Current;
        try
        {
            span.SetEndTime(span.StartTimeUtc + duration);
            span.Stop();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Failed(e);
        }

        // Stopping makes what was current at the start current again, on whatever thread this is.
        Activity.Current = ReferenceEquals(current, span) ? null : current;
    }

    public void Dispose() => _source.Dispose();

    private static void SetError(Activity span, WorkflowResult result, string? errorType)
    {
        if (Results.IsError(result))
        {
            span.SetStatus(ActivityStatusCode.Error, errorType);
            span.SetTag(Attributes.ErrorType, errorType ?? Results.Name(result));
        }
    }

    private Activity? Start(string name, ActivityContext parent, DateTimeOffset at, IEnumerable<KeyValuePair<string, object?>> tags)
    {
        // A default parent would mean the current one, and a started span remembers the current one as the one to return to, which would chain runs started side by side to one another.
        var current = Activity.Current;
        Activity.Current = null;
        try
        {
            return _source.StartActivity(name, ActivityKind.Internal, parent, tags, links: null, at);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Failed(e);
            return null;
        }
        finally
        {
            Activity.Current = current;
        }
    }

    private void Failed(Exception e) => errors.Add(TrackerErrors.PublishFailed, "a span's sampler or processor failed", e);
}
