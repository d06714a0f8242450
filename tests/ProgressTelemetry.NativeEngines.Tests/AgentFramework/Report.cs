using Microsoft.Agents.AI.Workflows;

namespace ProgressTelemetry.NativeEngines.Tests.AgentFramework;

/// <summary>A workflow with a fan-out, a join, an approval and a loop back to its start: <c>draft -> text, pictures -> join -> approval -> decide -> publish</c>, or back to <c>draft</c>.</summary>
internal static class Report
{
    public static Workflow Build(string test, bool isPublishFailing = false)
    {
        Func<string, ValueTask<string>> draft = async text => await PassAsync("draft", text);
        Func<string, ValueTask<string>> text = async work => await PassAsync("text", work);
        Func<string, ValueTask<string>> pictures = async work => await PassAsync("pictures", work);
        Func<string, ValueTask<string>> publish = async work => isPublishFailing ? throw new FormatException("no printer") : await PassAsync("publish", work);
        Func<bool, string> decide = isApproved => isApproved ? "publish" : "again";
        var joined = 0;
        Func<string, string?> join = work => ++joined % 2 == 0 ? work : null;
        var approval = RequestPort.Create<string, bool>("approval");

        var (start, a, b, decided, end) = (Bind(draft, "draft"), Bind(text, "text"), Bind(pictures, "pictures"), decide.BindAsExecutor("decide"), Bind(publish, "publish"));
        ExecutorBinding both = join.BindAsExecutor("join"), asked = approval;
        return new WorkflowBuilder(start)
            .AddFanOutEdge(start, [a, b])
            .AddFanInBarrierEdge([a, b], both)
            .AddEdge(both, asked)
            .AddEdge(asked, decided)
            .AddEdge<string>(decided, end, verdict => verdict == "publish")
            .AddEdge<string>(decided, start, verdict => verdict == "again")
            .WithOutputFrom(end)
            .WithName("report")
            .Build();

        async Task<string> PassAsync(string name, string work)
        {
            await Gate.PassAsync(test, name);
            return work;
        }

        static ExecutorBinding Bind(Func<string, ValueTask<string>> work, string id) => work.BindAsExecutor(id);
    }
}
