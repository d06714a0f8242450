using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ProgressTelemetry.AspNetCore;
using ProgressTelemetry.AspNetCore.Waiting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets people see the runs that they wait for, each their own.</summary>
public static class ProgressTokensServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IProgressTokens"/>, and with it ASP.NET Core's data protection. <c>MapProgress()</c> then also maps what tokens open: <c>live/{token}</c> and <c>operations/{token}</c>.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    public static IServiceCollection AddProgressTokens(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddDataProtection();
        services.TryAddSingleton(provider =>
            new ProgressTokens(provider.GetRequiredService<IDataProtectionProvider>(), provider.GetService<TimeProvider>() ?? TimeProvider.System));
        services.TryAddSingleton<IProgressTokens>(provider => provider.GetRequiredService<ProgressTokens>());
        services.TryAddSingleton<OperationName>();
        return services;
    }
}
