using Microsoft.Agents.AI.Workflows;

namespace ProgressTelemetry.EnginesDemo;

/// <summary>An agent workflow: a draft, its text and its pictures side by side, an approval that sends it back once, and publishing.</summary>
internal static class Newsletter
{
    public static Workflow Build(Pace pace, CancellationToken stop)
    {
        var joined = 0;
        Func<string, ValueTask<string>> draft = work => DoAsync(4, work), text = work => DoAsync(7, work), pictures = work => DoAsync(5, work), publish = work => DoAsync(3, work);
        Func<string, string?> join = work => ++joined % 2 == 0 ? work : null;
        Func<bool, string> decide = isApproved => isApproved ? "publish" : "again";
        ExecutorBinding start = draft.BindAsExecutor("draft"), a = text.BindAsExecutor("text"), b = pictures.BindAsExecutor("pictures"), both = join.BindAsExecutor("join");
        ExecutorBinding approval = RequestPort.Create<string, bool>("approval"), decided = decide.BindAsExecutor("decide"), end = publish.BindAsExecutor("publish");
        return new WorkflowBuilder(start)
            .AddFanOutEdge(start, [a, b])
            .AddFanInBarrierEdge([a, b], both)
            .AddEdge(both, approval)
            .AddEdge(approval, decided)
            .AddEdge<string>(decided, end, verdict => verdict == "publish")
            .AddEdge<string>(decided, start, verdict => verdict == "again")
            .WithOutputFrom(end)
            .WithName("newsletter")
            .Build();

        async ValueTask<string> DoAsync(double seconds, string work)
        {
            await pace.WorkAsync(seconds, stop);
            return work;
        }
    }
}

/// <summary>Runs it again and again, and answers what it asks. Its one line is around the events that an application reads anyhow.</summary>
internal sealed class NewsletterAgainAndAgain(ProgressTracker tracker, Pace pace) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                var workflow = Newsletter.Build(pace, stoppingToken);
                var isApproved = false;
                await using var run = await InProcessExecution.RunStreamingAsync(workflow, "spring", cancellationToken: stoppingToken);
                await foreach (var happened in run.WatchStreamAsync(stoppingToken).TrackProgress(tracker, workflow, run.SessionId))
                {
                    if (happened is RequestInfoEvent request)
                    {
                        await pace.WorkAsync(6, stoppingToken);
                        await run.SendResponseAsync(request.Request.CreateResponse(isApproved));
                        isApproved = true;
                    }
                }

                await pace.WorkAsync(8, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped; the run has ended as cancelled.
        }
    }
}
