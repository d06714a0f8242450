namespace ProgressTelemetry.Demo.Workers;

/// <summary>Where runs are kept that several processes share.</summary>
internal static class DemoStore
{
    /// <summary>Adds the store of an SQLite file, or of a PostgreSQL connection string.</summary>
    /// <exception cref="ArgumentException">The place is none.</exception>
    public static IServiceCollection AddRunStore(this IServiceCollection services, string place) =>
        place.Contains('=', StringComparison.Ordinal) ? services.AddPostgreSqlRunStore(place) : services.AddSqliteRunStore(place);

    /// <summary>A container of the store alone; of none without a place.</summary>
    public static ServiceProvider Open(string? place)
    {
        var services = new ServiceCollection();
        return (place is null ? services : services.AddRunStore(place)).BuildServiceProvider();
    }
}
