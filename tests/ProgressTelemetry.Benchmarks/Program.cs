using BenchmarkDotNet.Running;
using ProgressTelemetry.Benchmarks;

if (args is ["memory"])
{
    ManyRuns.Print();
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
}
