using Xunit;

namespace ProgressTelemetry.Demo.Tests;

/// <summary>A test that compiles to native code: only on demand, since that takes a linker, and a runtime pack that not every package source has.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NativeFactAttribute : FactAttribute
{
    public NativeFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("PROGRESS_NATIVE") is not "1")
        {
            Skip = "PROGRESS_NATIVE=1 runs it where clang and the package Microsoft.NETCore.App.Runtime.NativeAOT are to be had";
        }
    }
}
