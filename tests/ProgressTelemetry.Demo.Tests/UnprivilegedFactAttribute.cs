using Xunit;

namespace ProgressTelemetry.Demo.Tests;

/// <summary>A test of what permissions forbid: skipped where nothing is forbidden (root), or forbidden otherwise (Windows).</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UnprivilegedFactAttribute : FactAttribute
{
    public UnprivilegedFactAttribute()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Skip = "root may read everything, and Windows has no file modes";
        }
    }
}
