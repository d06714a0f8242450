using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.Storage.Tests.Support;

/// <summary>A real PostgreSQL with data of its own, for all tests that need one; each has a database of its own there.</summary>
public sealed class PostgreSqlServer : IAsyncLifetime
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("progress-pg-").FullName;
    private readonly int _port = FreePort();
    private Process? _server;
    private int _databases;

    /// <summary>Where Debian puts the server's programs; null when they aren't there.</summary>
    public static string? Programs { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Max(StringComparer.Ordinal)
        : null;

    public Task InitializeAsync() => Programs is null ? Task.CompletedTask : StartAsync();

    /// <summary>A new, empty database.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref _databases)}");
        await ExecuteAsync(ConnectionTo("postgres"), $"CREATE DATABASE {name}");
        return ConnectionTo(name);
    }

    public static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>How many connections to a database listen.</summary>
    public async Task<long> ListenersAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(ConnectionTo("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT COUNT(*) FROM pg_stat_activity WHERE datname = @name AND query LIKE 'LISTEN %'", connection);
        command.Parameters.AddWithValue("name", new NpgsqlConnectionStringBuilder(connectionString).Database!);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async Task StartAsync()
    {
        var data = Path.Combine(_folder, "data");
        if (!Directory.Exists(data))
        {
            // The server refuses to run as root.
            if (Environment.UserName == "root")
            {
                await RunAsync("chown", "postgres", _folder);
            }

            await RunAsync(AsUser("initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"));
        }

        _server = StartServer(data);
        using var limit = new CancellationTokenSource(StartLimit);
        while (!await IsReadyAsync())
        {
            await Task.Delay(100, limit.Token);
            if (_server.HasExited)
            {
                // After a crash, it refuses to start until the last of the processes of before is gone.
                _server.Dispose();
                _server = StartServer(data);
            }
        }
    }

    /// <summary>Kills the server as a crash would.</summary>
    public async Task KillAsync()
    {
        if (_server is not null)
        {
            _server.Kill(entireProcessTree: true);
            await _server.WaitForExitAsync();
            _server.Dispose();
            _server = null;
            NpgsqlConnection.ClearAllPools();
        }
    }

    public async Task DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string ConnectionTo(string database) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Username=postgres;Database={database};Timeout=5;Command Timeout=10");

    private Process StartServer(string data)
    {
        var server = Process.Start(StartInfo(AsUser("postgres", "-D", data, "-p", _port.ToString(CultureInfo.InvariantCulture), "-k", _folder, "-c", "listen_addresses=127.0.0.1")))!;
        server.OutputDataReceived += (_, _) => { };
        server.ErrorDataReceived += (_, _) => { };
        server.BeginOutputReadLine();
        server.BeginErrorReadLine();
        return server;
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            await ExecuteAsync(ConnectionTo("postgres"), "SELECT 1");
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static string[] AsUser(string program, params string[] arguments)
    {
        string[] command = [Path.Combine(Programs!, program), .. arguments];
        return Environment.UserName == "root" ? ["runuser", "-u", "postgres", "--", .. command] : command;
    }

    private static ProcessStartInfo StartInfo(string[] command) =>
        new(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };

    private static async Task RunAsync(params string[] command)
    {
        using var process = Process.Start(StartInfo(command))!;
        var output = await process.StandardOutput.ReadToEndAsync() + await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>Tests that share one server.</summary>
[CollectionDefinition(Name)]
public sealed class PostgreSqlCollection : ICollectionFixture<PostgreSqlServer>
{
    public const string Name = "PostgreSQL";
}

/// <summary>A test that needs PostgreSQL's server: skipped where it isn't, failing under CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgreSqlFactAttribute : FactAttribute
{
    public PostgreSqlFactAttribute()
    {
        if (PostgreSqlServer.Programs is null && !RealParts.IsCi)
        {
            Skip = "PostgreSQL is not here";
        }
    }
}

/// <summary>As <see cref="PostgreSqlFactAttribute"/>, for theories.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgreSqlTheoryAttribute : TheoryAttribute
{
    public PostgreSqlTheoryAttribute()
    {
        if (PostgreSqlServer.Programs is null && !RealParts.IsCi)
        {
            Skip = "PostgreSQL is not here";
        }
    }
}
