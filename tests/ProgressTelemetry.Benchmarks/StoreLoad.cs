using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ProgressTelemetry.Benchmarks;

/// <summary>How many shares a store takes, and how large they are; and, on one PostgreSQL, how many processes and runs it carries, and how late they hear of each other.</summary>
internal static class StoreLoad
{
    private const int Batch = 500;
    private static readonly TimeSpan Writing = TimeSpan.FromSeconds(5);

    public static async Task PrintAsync(string? postgreSql)
    {
        var folder = Directory.CreateTempSubdirectory("progress-load-");
        var file = Path.Combine(folder.FullName, "runs.db");
        Console.WriteLine("| store | writers | shares a second | bytes a share |");
        Console.WriteLine("| --- | --- | --- | --- |");
        await PrintWritingAsync("SQLite", services => services.AddSqliteRunStore(file), () => Task.FromResult(new FileInfo(file).Length)).ConfigureAwait(false);
        folder.Delete(recursive: true);
        if (postgreSql is null)
        {
            return;
        }

        await PrintWritingAsync(
            "PostgreSQL", services => services.AddPostgreSqlRunStore(postgreSql), () => SizeAsync(postgreSql)).ConfigureAwait(false);
        Console.WriteLine();
        await PrintFleetAsync(postgreSql, [(10, 100, 10), (100, 100, 10), (1000, 10, 10)]).ConfigureAwait(false);
    }

    /// <summary>So many processes, of so many runs each, which move once in so many seconds.</summary>
    public static async Task PrintFleetAsync(string postgreSql, IEnumerable<(int Processes, int Runs, int Period)> fleets)
    {
        StoreFleet.PrintHeader();
        foreach (var (processes, runs, period) in fleets)
        {
            await NumberAsync(postgreSql, "TRUNCATE progress_shares, progress_claims, progress_processes; SELECT 0").ConfigureAwait(false);
            await StoreFleet.PrintAsync(postgreSql, processes, runs, period).ConfigureAwait(false);
        }
    }

    private static async Task<long> SizeAsync(string postgreSql)
    {
        // As it would be when the server had the time to tidy up.
        await NumberAsync(postgreSql, "VACUUM FULL progress_shares").ConfigureAwait(false);
        return await NumberAsync(postgreSql, "SELECT pg_total_relation_size('progress_shares')").ConfigureAwait(false);
    }

    public static async Task<long> NumberAsync(string postgreSql, string sql)
    {
        var connection = new NpgsqlConnection(postgreSql);
        await using var _ = connection.ConfigureAwait(false);
        await connection.OpenAsync().ConfigureAwait(false);
        var command = new NpgsqlCommand(sql, connection);
        await using var __ = command.ConfigureAwait(false);
        return Convert.ToInt64(await command.ExecuteScalarAsync().ConfigureAwait(false), CultureInfo.InvariantCulture);
    }

    private static async Task PrintWritingAsync(string name, Action<IServiceCollection> add, Func<Task<long>> size)
    {
        foreach (var writers in new[] { 1, 4 })
        {
            var services = new ServiceCollection();
            add(services);
            var provider = services.BuildServiceProvider();
            await using var _ = provider.ConfigureAwait(false);
            var store = provider.GetRequiredService<IRunStore>();
            var watch = Stopwatch.StartNew();
            var written = await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(() => WriteAsync(store, $"{writers}-{writer}", watch)))).ConfigureAwait(false);
            var kept = (await store.GetChangesAsync(new ShareQuery(null, int.MaxValue), default).ConfigureAwait(false)).Shares.Count;
            var bytes = await size().ConfigureAwait(false);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {writers} | {written.Sum() / Writing.TotalSeconds:N0} | {bytes / (double)kept:N0} |"));
        }
    }

    // A thousand runs of three stages, each told of again and again, as a process does.
    private static async Task<long> WriteAsync(IRunStore store, string writer, Stopwatch watch)
    {
        var written = 0L;
        for (var sequence = 1L; watch.Elapsed < Writing; sequence++)
        {
            for (var first = 0; first < 1000 && watch.Elapsed < Writing; first += Batch)
            {
                await store.PutAsync([.. Enumerable.Range(first, Batch).Select(run => ShareOf($"{writer}-{run}", sequence))], default).ConfigureAwait(false);
                written += Batch;
            }
        }

        return written;
    }

    private static RunShare ShareOf(string run, long sequence)
    {
        var at = DateTimeOffset.UnixEpoch.AddYears(50);
        return new RunShare
        {
            RunId = run, Workflow = "import", Participant = Guid.Empty.ToString("N"), Sequence = sequence, Process = "machine:1234", StartedAt = at, JoinedAt = at, UpdatedAt = at, LastProgressAt = at, RanSeconds = 1.0 / 3,
            TraceId = "0123456789abcdef0123456789abcdef", SpanId = "0123456789abcdef",
            Stages = [.. new[] { "scan", "load", "index" }.Select((name, index) => new StageShare
            {
                Name = name, Index = index, HasBegun = true, IsActive = true, DeclaredTasks = 1000, DeclaredAt = at, DoneTasks = sequence, EndedTasks = [sequence, 0, 0, 0, 0, 0, 0],
                CountedTasks = sequence, CountedWork = sequence, WallSeconds = 1.0 / 3, ActiveSeconds = 1.0 / 3, ActiveAtCountedSeconds = 1.0 / 3, Attempts = 1, StartedAt = at,
            })],
            Milestones = [new MilestoneStatus("half", .5, null)],
        };
    }
}
