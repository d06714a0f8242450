using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;
using ProgressTelemetry.Mcp;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets agents ask how far runs are.</summary>
public static class ProgressMcpServiceCollectionExtensions
{
    /// <summary>
    /// Adds a Model Context Protocol server over HTTP with the tools <c>list_runs</c>, <c>run_status</c>, <c>run_report</c> and <c>wait_for</c>, which only read. Map it with <c>MapProgressMcp()</c>.
    /// </summary>
    /// <remarks>An application that has such a server already keeps it, and its instructions and name; these tools are added to its own.</remarks>
    /// <param name="services">The application's services; <c>AddProgressTracking()</c> is called on them too.</param>
    /// <returns>The server's builder, for further tools.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    public static IMcpServerBuilder AddProgressMcp(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<McpServerOptions>().PostConfigure(options => options.ServerInstructions ??= ProgressTools.Instructions);
        return services.AddMcpServer().WithHttpTransport().WithTools<ProgressTools>();
    }
}
