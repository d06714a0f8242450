using BenchmarkDotNet.Running;
using ProgressTelemetry.Benchmarks;

if (args is ["runs"])
{
    await ManyRuns.PrintAsync().ConfigureAwait(false);
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
}
