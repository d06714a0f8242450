using System.CommandLine;
using ProgressTelemetry.Tool.Client;

namespace ProgressTelemetry.Tool.Commands;

/// <summary><c>report</c>: a run's report, printed or saved.</summary>
internal sealed class ReportCommand : Command
{
    private readonly ToolOptions _tool = new();
    private readonly Argument<string> _run = new("RUN") { Description = "The run's id." };

    private readonly Option<string?> _format = new Option<string?>("--format") { Description = "The report's form; default: by the extension of --output, else md." }.AcceptOnlyFromAmong("md", "html", "json");

    private readonly Option<FileInfo?> _output = new("--output", "-o") { Description = "Where to save it, instead of printing it.", HelpName = "FILE" };

    public ReportCommand()
        : base("report", "Print or save the report of a run: where its time went, what holds it up, what would help.")
    {
        _tool.AddTo(this);
        Arguments.Add(_run);
        Options.Add(_format);
        Options.Add(_output);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken stop)
    {
        var (output, error) = (arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error);
        var file = arguments.GetValue(_output);
        var runId = arguments.GetRequiredValue(_run);
        try
        {
            if (await _tool.Connect(arguments).GetReportAsync(runId, arguments.GetValue(_format) ?? FormatOf(file), stop) is not { } report)
            {
                await error.WriteLineAsync($"No run of the id '{runId}' is live or ended recently.");
                return ExitCode.UnknownRun;
            }

            if (file is null)
            {
                // A terminal obeys what is hidden in a text.
                await output.WriteLineAsync(report.Replace('\e', '\uFFFD').TrimEnd());
            }
            else
            {
                await File.WriteAllTextAsync(file.FullName, report, stop);
            }

            return ExitCode.Success;
        }
        catch (NoAnswerException no)
        {
            await error.WriteLineAsync(no.Message);
            return ExitCode.NoAnswer;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"cannot write: {e.Message}");
            return ExitCode.Failed;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
    }

    private static string FormatOf(FileInfo? file) => file?.Extension.ToLowerInvariant() switch
    {
        ".html" or ".htm" => "html",
        ".json" => "json",
        _ => "md",
    };
}
