using Microsoft.Extensions.DependencyInjection;

namespace ProgressTelemetry.Storage.Tests.Support;

/// <summary>Stores as an application gets them.</summary>
internal static class Stores
{
    public static IRunStore Sqlite(string file) => Of(services => services.AddSqliteRunStore(file));

    public static IRunStore PostgreSql(string connectionString) => Of(services => services.AddPostgreSqlRunStore(connectionString));

    private static IRunStore Of(Action<IServiceCollection> add)
    {
        var services = new ServiceCollection();
        add(services);
        return services.BuildServiceProvider().GetRequiredService<IRunStore>();
    }

    public static async Task<IReadOnlyList<StoredShare>> ReadAllAsync(this IRunStore store) => (await store.GetChangesAsync(new ShareQuery(null, int.MaxValue), default)).Shares;
}
