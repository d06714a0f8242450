using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;
using OpenTelemetry;
using ProgressTelemetry;
using ProgressTelemetry.Storage;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps runs in a PostgreSQL database, so that they outlive and outspan a process.</summary>
public static class PostgreSqlRunStoreExtensions
{
    /// <summary>Keeps runs in a PostgreSQL database (13 or later), in tables of its own whose names begin with <c>progress_</c>: <c>AddOpenTelemetry().AddProgressTracking().WithPostgreSql("Host=...")</c>.</summary>
    /// <typeparam name="T">The builder's own type, which survives chaining.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="connectionString">The database, with a user who may create tables when they aren't there.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">The connection string is empty or not one.</exception>
    public static T WithPostgreSql<T>(this T builder, string connectionString)
        where T : IOpenTelemetryBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddPostgreSqlRunStore(connectionString);
        return builder;
    }

    /// <summary>Keeps runs in a PostgreSQL database (13 or later), in tables of its own whose names begin with <c>progress_</c>. A store that was added before stays.</summary>
    /// <param name="services">The services.</param>
    /// <param name="connectionString">The database, with a user who may create tables when they aren't there.</param>
    /// <returns>The services.</returns>
    /// <exception cref="ArgumentException">The connection string is empty or not one.</exception>
    public static IServiceCollection AddPostgreSqlRunStore(this IServiceCollection services, string connectionString)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        // No call leaves anything behind on its connection that the next one could stumble over.
        var pooled = new NpgsqlConnectionStringBuilder(connectionString) { NoResetOnClose = true };

        // A connection that only listens would not notice that the server is gone.
        var listening = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, KeepAlive = pooled.KeepAlive > 0 ? pooled.KeepAlive : 30 };
        services.TryAddSingleton<IRunStore>(_ => new PostgreSqlRunStore(SourceOf(pooled.ConnectionString), SourceOf(listening.ConnectionString)));
        return services;
    }

    // The store's own calls, one or two a second, are no part of what the application traces.
    private static NpgsqlDataSource SourceOf(string connectionString) =>
        new NpgsqlSlimDataSourceBuilder(connectionString).EnableTransportSecurity().ConfigureTracing(tracing => tracing.ConfigureCommandFilter(_ => false).ConfigureBatchFilter(_ => false)).Build();
}
