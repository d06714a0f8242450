using System.CommandLine;
using ProgressTelemetry.Demo.Hosting;
using ProgressTelemetry.Demo.Workers;

namespace ProgressTelemetry.Demo.Commands;

/// <summary><c>page</c>: the runs of all processes of a store, in a process that does no work of its own.</summary>
internal sealed class PageCommand : Command
{
    private readonly Func<WebApplicationBuilder, WebApplication> _buildApp;
    private readonly Option<string> _urls = CommonOptions.Urls();
    private readonly Option<string?> _store = CommonOptions.Store("Whose runs to show.");

    public PageCommand(Func<WebApplicationBuilder, WebApplication> buildApp)
        : base("page", "Show the runs of all processes that share a store, at /progress.")
    {
        _buildApp = buildApp;
        _store.Required = true;
        Options.Add(_urls);
        Options.Add(_store);
        SetAction(RunAsync);
    }

    private Task<int> RunAsync(ParseResult arguments, CancellationToken stop)
    {
        var builder = DemoHost.CreateBuilder(arguments.GetRequiredValue(_urls));
        builder.Services.AddRunStore(arguments.GetRequiredValue(_store)!);
        var output = new Output(arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error);
        return DemoHost.RunAsync(_buildApp(builder), DemoHost.UntilStoppedAsync, output, stop);
    }
}
