using System.Diagnostics;
using ProgressTelemetry.Rules;
using ProgressTelemetry.Runs;

namespace ProgressTelemetry.Spans;

/// <summary>Finds the rule that a span is for, and tells the tracker what it stands for. What can't be said yet (tags come late, the run isn't known) is left for another try.</summary>
internal sealed class SpanResolver(FollowedRuns runs)
{
    /// <summary>Tries a span that runs, or, for the last time, one that stops. Called with its gate held. Returns whether there is nothing left to try.</summary>
    public bool TryResolve(Activity activity, FollowedSpan span, bool isLast)
    {
        if (span.IsResolved)
        {
            return true;
        }

        foreach (var match in span.Rules.Matches)
        {
            var applies = match.Rule.Condition is { } condition ? condition.IsMet(activity) ?? (isLast ? false : null) : true;
            if (applies == false)
            {
                continue;
            }

            if (applies == true && TryApply(activity, span, match))
            {
                span.Rule = match.Rule;
                return span.IsResolved = true;
            }

            if (!isLast)
            {
                return false;
            }
        }

        // It is for none of them.
        return span.IsResolved = true;
    }

    public void Stop(Activity activity, FollowedSpan span)
    {
        if (span.Rule is not { } rule)
        {
            return;
        }

        var (result, at) = (SpanResult.Of(activity, rule), StopOf(activity));
        if (span.Task is { } task)
        {
            task.Run.EndTask(task, result, at);
        }

        if (span.EndsRun is { } id)
        {
            // The task that the end was said in ends with its own span, after this one.
            var saidBy = FollowedSpan.Around(span.Parent).FirstOrDefault(around => around.Task is { IsEnded: false })?.Task;
            runs.End(id, new RunEnd(result.Result, result.ErrorType, at), rule.Role == SpanRole.EndRun ? saidBy : null);
        }
    }

    private bool TryApply(Activity activity, FollowedSpan span, in RuleMatch match) => match.Rule.Role switch
    {
        SpanRole.Run => TryStartRun(activity, span, match),
        SpanRole.Task => TryStartTask(activity, span, match),
        SpanRole.EndRun => (span.EndsRun = match.Rule.RunIdTemplate!.Of(activity, match.Star)) is not null,
        _ => true,
    };

    private bool TryStartRun(Activity activity, FollowedSpan span, in RuleMatch match)
    {
        var rule = match.Rule;
        var id = rule.RunIdTemplate is null ? activity.SpanId.ToHexString() : rule.RunIdTemplate.Of(activity, match.Star);
        var stage = rule.StageTemplate?.Of(activity, match.Star);
        if (id is null || (rule.StageTemplate is not null && stage is null) || !TryStart(activity, span, match, id))
        {
            return false;
        }

        span.EndsRun = rule.StopEndsRun ? id : null;
        if (stage is not null && span.Run is { } run)
        {
            // It is its one task.
            run.Run.ExpectTasks(1);
            span.Task = run.StartTask(span.Source.Names.Of(stage), rule.TaskIdTemplate?.Of(activity, match.Star), expected: 1, StartOf(activity));
        }

        return true;
    }

    private bool TryStartTask(Activity activity, FollowedSpan span, in RuleMatch match)
    {
        var rule = match.Rule;
        var id = rule.RunIdTemplate?.Of(activity, match.Star);
        var stage = rule.StageTemplate!.Of(activity, match.Star);
        if (stage is null || (rule.RunIdTemplate is not null && id is null))
        {
            return false;
        }

        if (!(id is null ? TryJoinAround(activity, span, match) : TryJoin(activity, span, match, id)))
        {
            return false;
        }

        var name = span.Source.Names.Of(stage);
        if (span.Run is { } run && !FollowedSpan.Around(span.Parent).Any(around => around.Task is { IsEnded: false } task && task.Run == run && task.Stage.Name == name))
        {
            span.Task = run.StartTask(name, rule.TaskIdTemplate?.Of(activity, match.Star), expected: null, StartOf(activity));
        }

        return true;
    }

    private bool TryJoin(Activity activity, FollowedSpan span, in RuleMatch match, string id)
    {
        span.Run = runs.Find(id);
        return span.Run is not null || (match.Rule.ImplicitRun && TryStart(activity, span, match, id));
    }

    private bool TryJoinAround(Activity activity, FollowedSpan span, in RuleMatch match)
    {
        foreach (var around in FollowedSpan.Around(span.Parent))
        {
            if (around.Run is { IsEnded: false } run)
            {
                span.Run = run;
                return true;
            }

            if (around is { IsResolved: false, IsStopped: false } && around.Rules.Matches.Count > 0)
            {
                // Its run may become known.
                return false;
            }
        }

        if (!match.Rule.ImplicitRun)
        {
            // A task of no run that is followed.
            return true;
        }

        var id = activity.SpanId.ToHexString();
        if (!TryStart(activity, span, match, id))
        {
            return false;
        }

        span.EndsRun = id;
        return true;
    }

    private bool TryStart(Activity activity, FollowedSpan span, in RuleMatch match, string id)
    {
        if (match.Rule.WorkflowTemplate!.Of(activity, match.Star) is not { } workflow)
        {
            return false;
        }

        var parent = FollowedSpan.Around(span.Parent).FirstOrDefault(around => around.Task is { IsEnded: false })?.Task?.Stage.Attempt ?? span.Ambient;
        span.Run = runs.FindOrStart(id, span.Source.Names.Of(workflow), StartOf(activity), parent);
        return true;
    }

    private static DateTimeOffset StartOf(Activity activity) => new(activity.StartTimeUtc, TimeSpan.Zero);

    private static DateTimeOffset StopOf(Activity activity) => new(activity.StartTimeUtc + activity.Duration, TimeSpan.Zero);
}
