using BenchmarkDotNet.Running;
using ProgressTelemetry.Benchmarks;
using ProgressTelemetry.Benchmarks.Peers;

switch (args)
{
    case ["runs"]:
        await ManyRuns.PrintAsync().ConfigureAwait(false);
        LargeRuns.Print();
        break;
    case ["hangfire"]:
        HangfireJobs.Print();
        break;
    case ["peers"]:
        await PeerTable.PrintAsync().ConfigureAwait(false);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        break;
}
