using Microsoft.Data.Sqlite;
using ProgressTelemetry.Storage.Tests.Support;
using Xunit;

namespace ProgressTelemetry.Storage.Tests;

/// <summary>All stores keep the contract.</summary>
[Collection(PostgreSqlCollection.Name)]
public class RunStoreTests(PostgreSqlServer server)
{
    [Theory]
    [MemberData(nameof(Rules))]
    public Task InMemory_KeepsTheContract(string rule) => RunStoreContract.Rules[rule](new InMemoryRunStore());

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task Sqlite_KeepsTheContract(string rule)
    {
        using var folder = new TemporaryFolder();
        await RunStoreContract.Rules[rule](Stores.Sqlite(folder.File("runs.db")));
        SqliteConnection.ClearAllPools();
    }

    [PostgreSqlTheory]
    [MemberData(nameof(Rules))]
    public async Task PostgreSql_KeepsTheContract(string rule) => await RunStoreContract.Rules[rule](Stores.PostgreSql(await server.CreateDatabaseAsync()));

    public static TheoryData<string> Rules() => RunStoreContract.Names;
}
