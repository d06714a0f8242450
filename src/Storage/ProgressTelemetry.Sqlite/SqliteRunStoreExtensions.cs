using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenTelemetry;
using ProgressTelemetry;
using ProgressTelemetry.Storage;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps runs in an SQLite file, so that they outlive the process.</summary>
public static class SqliteRunStoreExtensions
{
    /// <summary>Keeps runs in an SQLite file, which is made when it isn't there: <c>AddOpenTelemetry().AddProgressTracking().WithSqlite("runs.db")</c>.</summary>
    /// <typeparam name="T">The builder's own type, which survives chaining.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="file">The file, on a disk of this machine: SQLite's locks don't hold on network shares.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">The file's name is empty.</exception>
    public static T WithSqlite<T>(this T builder, string file)
        where T : IOpenTelemetryBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSqliteRunStore(file);
        return builder;
    }

    /// <summary>Keeps runs in an SQLite file, which is made when it isn't there. A store that was added before stays.</summary>
    /// <param name="services">The services.</param>
    /// <param name="file">The file, on a disk of this machine: SQLite's locks don't hold on network shares.</param>
    /// <returns>The services.</returns>
    /// <exception cref="ArgumentException">The file's name is empty.</exception>
    public static IServiceCollection AddSqliteRunStore(this IServiceCollection services, string file)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(file);
        services.TryAddSingleton<IRunStore>(_ => new SqliteRunStore(file));
        return services;
    }
}
