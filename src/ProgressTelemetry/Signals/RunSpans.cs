using System.Diagnostics;
using System.Globalization;
using ProgressTelemetry.Model;
using ProgressTelemetry.Runtime;
using static ProgressTelemetry.Signals.SignalNames;

namespace ProgressTelemetry.Signals;

/// <summary>
/// The spans: <c>run {workflow}</c> over <c>stage {stage}</c>, and the zero-length <c>run {workflow} started</c> that tells of the run at once, since a span is exported when it ends. None of them becomes <see cref="Activity.Current"/>
/// here: runs and stages are objects that any thread may end. What samplers and processors throw is an error of the tracker's, and stays here.
/// </summary>
internal sealed class RunSpans(TrackerErrors errors) : ISpans, IEffectSink, IDisposable
{
    private readonly ActivitySource _source = new(new ActivitySourceOptions(Source) { Version = SignalNames.Version, TelemetrySchemaUrl = SchemaUrl });

    /// <summary>A stage's index as text that sorts as the numbers do: <c>01</c>, <c>02</c>, ...</summary>
    public static string IndexLabel(LiveRun run, int index) => index.ToString("D" + run.Identity.IndexDigits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    public Activity? StartRun(LiveRun run)
    {
        if (!_source.HasListeners())
        {
            return null;
        }

        var tags = new List<KeyValuePair<string, object?>>(run.Identity.Trace.Tags) { new(Attributes.Workflow, run.Workflow), new(Attributes.RunId, run.Id) };
        if (run.Identity.Version is { } version)
        {
            tags.Add(new(Attributes.Version, version));
        }

        var started = run.Time.TakenUpWall;
        var parent = run.Identity.Parent?.Activity ?? Activity.Current;
        var span = Start($"run {run.Workflow}", parent, run.Identity.Trace.Parent, started, tags, run.Identity.Trace.Links.Select(link => new ActivityLink(link)));
        if (span is not null && Start($"run {run.Workflow} started", span, null, started, tags, null) is { } told)
        {
            Stop(told, started);
        }

        return span;
    }

    public Activity? StartStage(LiveStage stage)
    {
        var run = stage.Run;
        if (run.Activity is not { } parent || !_source.HasListeners())
        {
            return null;
        }

        KeyValuePair<string, object?>[] tags =
        [
            new(Attributes.Workflow, run.Workflow),
            new(Attributes.RunId, run.Id),
            new(Attributes.Stage, stage.Stage.Name),
            new(Attributes.StageIndex, IndexLabel(run, stage.Stage.Index + 1)),
            new(Attributes.StageAttempt, stage.Attempt.Number),
        ];
        return Start($"stage {stage.Stage.Name}", parent, null, stage.Attempt.StartedWall, tags, null);
    }

    // After the log, so that the record of the result is inside the span.
    public void Handle(LiveRun run, in Effect effect)
    {
        if (effect.Kind == EffectKind.StageEnded && effect.Attempt!.Owner is LiveStage stage && stage.TakeSpan(effect) is { } stageSpan)
        {
            StopStage(stage, stageSpan, effect);
        }
        else if (effect.Kind == EffectKind.RunEnded && run.Activity is { } runSpan)
        {
            StopRun(run, runSpan, effect);
        }
    }

    public void StopStage(LiveStage stage, Activity span, in Effect ended)
    {
        if (span.IsAllDataRequested)
        {
            span.SetTag(Attributes.StageResult, ended.Result.Name());
            span.SetTag(Attributes.StageTasksCompleted, ended.Done);
            span.SetTag(Attributes.StageRevisions, ended.Revisions);
            if (ended.Expected is { } expected)
            {
                span.SetTag(Attributes.StageTasksExpected, expected);
            }

            SetError(span, ended);
        }

        Stop(span, stage.Attempt.StartedWall + TimeSpan.FromSeconds(ended.Seconds));
    }

    public void Dispose() => _source.Dispose();

    private void StopRun(LiveRun run, Activity span, in Effect ended)
    {
        if (span.IsAllDataRequested && run.Final is { } final)
        {
            span.SetTag(Attributes.RunResult, ended.Result.Name());
            span.SetTag(Attributes.RunTasksCompleted, final.CompletedTasks);
            span.SetTag(Attributes.RunRevisions, final.Performance.Revisions);
            if (final.ExpectedTasks is { } expected)
            {
                span.SetTag(Attributes.RunTasksExpected, expected);
            }

            if (final.Attempt > 1)
            {
                span.SetTag(Attributes.RunAttempt, final.Attempt);
            }

            SetError(span, ended);
        }

        Stop(span, run.Model.StartedWall + (run.Final?.Elapsed ?? TimeSpan.Zero));
    }

    private static void SetError(Activity span, in Effect ended)
    {
        if (ended.Result.IsError())
        {
            span.SetStatus(ActivityStatusCode.Error, ended.ErrorType);
            span.SetTag(Attributes.ErrorType, ended.ErrorType);
        }
    }

    /// <summary>Starts a span under a parent in this process, whose baggage it takes over, or under one that only a context tells of.</summary>
    private Activity? Start(string name, Activity? parent, ActivityContext? context, DateTimeOffset at, IEnumerable<KeyValuePair<string, object?>> tags, IEnumerable<ActivityLink>? links)
    {
        // A default context means the current span as parent.
        var current = Activity.Current;
        Activity.Current = context is null ? parent : null;
        try
        {
            return _source.StartActivity(name, ActivityKind.Internal, context ?? default, tags, links, at);
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

    /// <summary>Stops a span at a moment made of its start and a monotonic duration: the wall clock may have been set meanwhile.</summary>
    private void Stop(Activity span, DateTimeOffset end)
    {
        var current = Activity.Current;
        try
        {
            span.SetEndTime(end.UtcDateTime < span.StartTimeUtc ? span.StartTimeUtc : end.UtcDateTime);
            span.Stop();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Failed(e);
        }

        // Stopping makes the parent current, on whatever thread this is; what was current before the span is current again where the span was.
        Activity.Current = ReferenceEquals(current, span) ? Ambient.Before(span) : current;
    }

    private void Failed(Exception e) => errors.Add(TrackerErrors.PublishFailed, "a span's sampler or processor failed", e);
}
