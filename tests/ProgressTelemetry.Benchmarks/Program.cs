using BenchmarkDotNet.Running;
using ProgressTelemetry.Benchmarks;
using ProgressTelemetry.Benchmarks.Peers;
using ProgressTelemetry.Benchmarks.Readers;

switch (args)
{
    case ["runs"]:
        await ManyRuns.PrintAsync().ConfigureAwait(false);
        LargeRuns.Print();
        break;
    case ["hangfire"]:
        HangfireJobs.Print(postgreSql: null);
        break;
    case ["hangfire", var postgreSql]:
        HangfireJobs.Print(postgreSql);
        break;
    case ["stores"]:
        await StoreLoad.PrintAsync(postgreSql: null).ConfigureAwait(false);
        break;
    case ["stores", var postgreSql]:
        await StoreLoad.PrintAsync(postgreSql).ConfigureAwait(false);
        break;
    case ["fleet", var postgreSql, var processes, var runs, var period]:
        await StoreLoad.PrintFleetAsync(postgreSql, [(Number(processes), Number(runs), Number(period))]).ConfigureAwait(false);
        break;
    case ["trouble"]:
        StoreTrouble.Print(postgreSql: null);
        break;
    case ["trouble", var postgreSql]:
        StoreTrouble.Print(postgreSql);
        break;
    case ["peers"]:
        await PeerTable.PrintAsync().ConfigureAwait(false);
        break;
    case ["readers"]:
        await ReadersTable.PrintAsync().ConfigureAwait(false);
        break;
    case [ReadersClient.Command, var url]:
        await ReadersClient.RunAsync(new Uri(url)).ConfigureAwait(false);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        break;
}

static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
