using System.CommandLine;
using ProgressTelemetry.Demo.Hosting;
using ProgressTelemetry.Demo.Scenarios;

namespace ProgressTelemetry.Demo.Commands;

/// <summary><c>serve</c>: keeps work going and answers on the page and the scrape endpoint until it is stopped.</summary>
internal sealed class ServeCommand : Command
{
    private readonly Func<WebApplicationBuilder, WebApplication> _buildApp;
    private readonly Option<string> _urls = CommonOptions.Urls();
    private readonly Option<double> _speed = CommonOptions.Number("--speed", "How many times faster than human speed the work goes.", defaultValue: 1, most: 10_000);

    private readonly Option<DirectoryInfo> _folder = new Option<DirectoryInfo>("--folder")
    {
        Description = "The folder that the catalog pipeline reads; by default the project's own.",
        HelpName = "DIR",
        DefaultValueFactory = _ => new DirectoryInfo(ProjectFolder.Find()),
    }.AcceptExistingOnly();

    private readonly Option<string[]> _scenarios = new Option<string[]>("--scenario")
    {
        Description = "What to do, once for each: 'work' keeps the two pipelines going; 'incidents' stalls a run, makes another late, and reaches milestones; 'trouble' resumes, retries, knows a percentage alone, and crashes; 'flood' starts 2,500 short runs; "
            + "'join' does a share of one run with other processes; 'none' only serves.",
        HelpName = "work|incidents|trouble|flood|join|none",
        DefaultValueFactory = _ => ["work"],
    }.AcceptOnlyFromAmong("work", "incidents", "trouble", "flood", "join", "none");

    private readonly Option<double> _milestones = CommonOptions.Number("--milestones", "How many milestones the incidents' release has.", defaultValue: 5, most: 100, whole: true);
    private readonly Option<string?> _runId = new("--run-id") { Description = "The id of the run that 'join' shares with other processes.", HelpName = "ID" };

    private readonly Option<Share?> _share = new("--share")
    {
        Description = "Which share of that run's tasks this process does, e.g. 1/2.",
        HelpName = "I/N",
        CustomParser = result =>
        {
            var text = result.Tokens.Single().Value;
            var share = Share.Parse(text);
            if (share is null)
            {
                result.AddError($"--share: '{text}' is not a share like 1/2, of at most {Share.MostProcesses}.");
            }

            return share;
        },
    };

    public ServeCommand(Func<WebApplicationBuilder, WebApplication> buildApp)
        : base("serve", "Keep real work going and show its progress at /progress and /metrics (the default command).")
    {
        _buildApp = buildApp;
        AlsoAs(this);
    }

    /// <summary>Gives another command this one's options and action.</summary>
    public void AlsoAs(Command command)
    {
        foreach (var option in new Option[] { _urls, _speed, _folder, _scenarios, _milestones, _runId, _share })
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(_scenarios)?.Contains("join", StringComparer.Ordinal) == true && (result.GetValue(_runId) is not { Length: > 0 and <= 200 } || result.GetValue(_share) is null))
            {
                result.AddError("--scenario join needs --run-id ID (at most 200 characters) and --share I/N.");
            }
        });
        command.SetAction(RunAsync);
    }

    private Task<int> RunAsync(ParseResult arguments, CancellationToken stop)
    {
        var settings = new ServeSettings
        {
            Speed = arguments.GetValue(_speed),
            Folder = arguments.GetRequiredValue(_folder).FullName,
            Milestones = (int)arguments.GetValue(_milestones),
            RunId = arguments.GetValue(_runId),
            Share = arguments.GetValue(_share) ?? new Share(1, 1),
        };
        var builder = DemoHost.CreateBuilder(arguments.GetRequiredValue(_urls));
        builder.Services.AddSingleton(settings);
        builder.Services.Configure<ProgressTrackingOptions>(o => o.MinShownRunAge /= Math.Max(1, settings.Speed));
        AddScenarios(builder.Services, arguments.GetRequiredValue(_scenarios));

        var output = new Output(arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error);
        return DemoHost.RunAsync(_buildApp(builder), DemoHost.UntilStoppedAsync, output, stop);
    }

    private static void AddScenarios(IServiceCollection services, string[] scenarios)
    {
        foreach (var scenario in scenarios.Distinct(StringComparer.Ordinal))
        {
            _ = scenario switch
            {
                "work" => services.AddHostedService<ContinuousWork>(),
                "incidents" => services.AddHostedService<Incidents>(),
                "trouble" => services.AddHostedService<EverydayTrouble>(),
                "flood" => services.AddHostedService<Flood>(),
                "join" => services.AddHostedService<JoinedRun>(),
                _ => services,
            };
        }
    }
}
