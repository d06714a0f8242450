using ProgressTelemetry.Shared.Terminal;
using Spectre.Console;
using Xunit;

namespace ProgressTelemetry.Demo.Tests.Terminal;

public sealed class ProgressViewTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Plain_StatusMovesOn_WritesEachTenthAndEachEndedStageOnce()
    {
        var output = new StringWriter { NewLine = "\n" };
        var view = new PlainProgressView(output);

        view.Update(Status(0, WorkflowState.Running));
        view.Update(Status(.09, WorkflowState.Running));
        view.Update(Status(.35, WorkflowState.Running));
        view.Update(Status(.38, WorkflowState.Running));
        view.Update(Status(1, WorkflowState.Succeeded));
        view.Update(Status(1, WorkflowState.Succeeded));

        Assert.Equal(
            "import: 30 %, 35 of 100 tasks, 1 min 05 s left (50 s to 2 min 00 s)\nimport: [load] done, 100 tasks in 30 s\nimport: 100 %, 100 of 100 tasks\n",
            output.ToString());
    }

    [Fact]
    public void Live_StageNameLikeMarkup_IsShownAsText()
    {
        var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });

        console.Write(LiveProgressView.Render(Status(.5, WorkflowState.Running)));

        var text = output.ToString();
        Assert.Contains("[load]", text, StringComparison.Ordinal);
        Assert.Contains("50 %", text, StringComparison.Ordinal);
        Assert.Contains("50/100", text, StringComparison.Ordinal);
        Assert.Contains("1 min 05 s left", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, "0.0 s")]
    [InlineData(9.94, "9.9 s")]
    [InlineData(42.4, "42 s")]
    [InlineData(65, "1 min 05 s")]
    [InlineData(7500, "2 h 05 min")]
    [InlineData(180000, "2 d 02 h")]
    public void DurationText_Seconds_ReadsWell(double seconds, string text) => Assert.Equal(text, DurationText.Of(TimeSpan.FromSeconds(seconds)));

    private static WorkflowStatus Status(double ratio, WorkflowState state)
    {
        var ended = state == WorkflowState.Succeeded;
        var tasks = (long)(ratio * 100);
        return new WorkflowStatus
        {
            RunId = "1",
            Workflow = "import",
            State = state,
            AsOf = Start,
            StartedAt = Start,
            LastProgressAt = Start,
            Elapsed = TimeSpan.FromSeconds(30),
            CompletionRatio = ratio,
            CompletedTasks = tasks,
            ExpectedTasks = 100,
            Estimate = ended
                ? null
                : new TimeEstimate(Start.AddSeconds(95), Start.AddSeconds(80), Start.AddSeconds(150), TimeSpan.FromSeconds(65), TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(120)),
            Performance = new PerformanceMetrics(tasks, 0, 0, 0, null, null, TimeSpan.Zero),
            Stages =
            [
                new StageStatus
                {
                    Index = 1,
                    Name = "[load]",
                    State = state,
                    CompletedTasks = tasks,
                    ExpectedTasks = 100,
                    CompletionRatio = ratio,
                    StartedAt = Start,
                    EndedAt = ended ? Start.AddSeconds(30) : null,
                },
            ],
        };
    }
}
